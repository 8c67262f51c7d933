/* libmodbus asks, as fast as it is answered: one FC3, one request in flight a connection.
 *
 *   client tcp PORT CONNECTIONS SECONDS REGISTERS
 *   client bare PORT CONNECTIONS SECONDS REGISTERS
 *   client rtu TERMINAL BAUDRATE SECONDS REGISTERS
 *   client version
 *
 * One connection is read by modbus_read_registers; several by raw requests and epoll, of
 * whose answers only the length and the function are looked at, and the registers are
 * put into the order of the machine. "bare" is the floor: one send() and one recv() for a
 * request in place of libmodbus, which waits and reads three times for one answer.
 * Prints one JSON object; a fifth of the time, at most 0.3 s, is for warming up and
 * counts not.
 */
#define _GNU_SOURCE
#include <modbus.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

enum { EVENTS = 256, BYTES_BEFORE_DATA = 9, MOST = 125 };

static double began_s, cpu_began_s, counting_s;
static long answered, failed;
static int bare;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double cpu_s(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
}

/* Whether to go on; begins to count when it is warm, and prints when the time is over. */
static int go_on(double seconds)
{
    double t = now();
    if (!began_s) {
        double warm_s = seconds / 5 < 0.3 ? seconds / 5 : 0.3;
        if (!counting_s)
            counting_s = t + warm_s;
        if (t < counting_s)
            return 1;
        began_s = t;
        cpu_began_s = cpu_s();
        answered = failed = 0;
    }
    if (t < began_s + seconds)
        return 1;
    printf("{\"requests\": %ld, \"failures\": %ld, \"wall_s\": %.6f, \"cpu_s\": %.6f}\n",
           answered, failed, t - began_s, cpu_s() - cpu_began_s);
    return 0;
}

static void ask_in_turn(modbus_t *bus, double seconds, int registers)
{
    uint16_t values[MOST];
    while (go_on(seconds)) {
        if (modbus_read_registers(bus, 0, registers, values) == registers)
            answered++;
        else
            failed++;
    }
}

static void ask(modbus_t *bus, int registers)
{
    static uint8_t adu[12] = {0, 0, 0, 0, 0, 6, 1, 3, 0, 0, 0, 0};
    adu[11] = (uint8_t)registers;
    if (!bare)
        modbus_send_raw_request(bus, adu + 6, 6);
    else if (adu[1]++, send(modbus_get_socket(bus), adu, sizeof adu, 0) != sizeof adu)
        exit(1);
}

static void take(modbus_t *bus, int registers)
{
    uint8_t reply[MODBUS_TCP_MAX_ADU_LENGTH];
    uint16_t values[MOST];
    int length = bare ? (int)recv(modbus_get_socket(bus), reply, sizeof reply, 0)
                      : modbus_receive_confirmation(bus, reply);
    if (length != BYTES_BEFORE_DATA + 2 * registers || reply[7] != 3) {
        fprintf(stderr, "a wrong reply of %d bytes\n", length);
        exit(1);
    }
    for (int i = 0; i < registers; i++)
        values[i] = (uint16_t)(reply[BYTES_BEFORE_DATA + 2 * i] << 8 |
                               reply[BYTES_BEFORE_DATA + 2 * i + 1]);
    __asm__ volatile("" : : "r"(values) : "memory"); /* they are wanted */
    answered++;
}

static void ask_all(modbus_t **links, int count, double seconds, int registers)
{
    struct epoll_event ready[EVENTS];
    int poll = epoll_create1(0);
    for (int i = 0; i < count; i++) {
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = links[i]};
        epoll_ctl(poll, EPOLL_CTL_ADD, modbus_get_socket(links[i]), &e);
        ask(links[i], registers);
    }
    while (go_on(seconds)) {
        int got = epoll_wait(poll, ready, EVENTS, 1000);
        for (int j = 0; j < got; j++) {
            take(ready[j].data.ptr, registers);
            ask(ready[j].data.ptr, registers);
        }
    }
}

static modbus_t *joined(modbus_t *bus)
{
    modbus_set_slave(bus, 1);
    if (modbus_connect(bus)) {
        perror("connect");
        exit(1);
    }
    return bus;
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "version")) {
        puts(LIBMODBUS_VERSION_STRING);
        return 0;
    }
    if (argc != 6) {
        fprintf(stderr, "usage: see the head of client.c\n");
        return 2;
    }
    double seconds = atof(argv[4]);
    int count = atoi(argv[3]), registers = atoi(argv[5]);
    if (!strcmp(argv[1], "rtu")) {
        modbus_t *line = joined(modbus_new_rtu(argv[2], count, 'N', 8, 1));
        modbus_flush(line);
        ask_in_turn(line, seconds, registers);
        return 0;
    }
    bare = !strcmp(argv[1], "bare");
    modbus_t **links = calloc((size_t)count, sizeof *links);
    for (int i = 0; i < count; i++)
        links[i] = joined(modbus_new_tcp("127.0.0.1", atoi(argv[2])));
    if (count == 1 && !bare)
        ask_in_turn(links[0], seconds, registers);
    else
        ask_all(links, count, seconds, registers);
    return 0;
}
