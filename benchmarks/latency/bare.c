/* The limit: one thread, epoll, libmodbus framing, no checks but the length, no control.
 *
 *   bare UNITS PERIOD_US SECONDS STEP_US PORT [RT_PRIORITY]
 *
 * At each deadline: meter and units asked at once; when all have answered, STEP_US of
 * work, then every unit written; then all acknowledged. The meter is on PORT, units on
 * PORT+1 and PORT+2 in turn. Prints one line a cycle, in ms: lateness, reads, step and
 * writes, tick to last acknowledgement, age of the meter's value at that moment; then
 * "cpu" with per cent of a core.
 */
#define _GNU_SOURCE
#include <modbus.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

enum { READ_REPLY = 49, WRITE_REPLY = 12, EVENTS = 512 };

static modbus_t **link_;
static int units, poll_;

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

static void join(int i, int port)
{
    link_[i] = modbus_new_tcp("127.0.0.1", port);
    modbus_set_slave(link_[i], 1);
    if (modbus_connect(link_[i])) {
        perror("connect");
        exit(1);
    }
    struct epoll_event e = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
    epoll_ctl(poll_, EPOLL_CTL_ADD, modbus_get_socket(link_[i]), &e);
}

/* Wait for `count` replies of `length` bytes; returns the meter's stamp, if any. */
static uint64_t collect(int count, int length)
{
    uint8_t reply[MODBUS_TCP_MAX_ADU_LENGTH];
    struct epoll_event ready[EVENTS];
    uint64_t stamp = 0;
    while (count > 0) {
        int got = epoll_wait(poll_, ready, EVENTS, 1000);
        for (int j = 0; j < got; j++, count--) {
            int i = (int)ready[j].data.u32;
            if (modbus_receive_confirmation(link_[i], reply) != length) {
                fprintf(stderr, "a reply of the wrong length\n");
                exit(1);
            }
            for (int b = 0; i == units && b < 8; b++)
                stamp = stamp << 8 | reply[9 + b];
        }
    }
    return stamp;
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "usage: bare UNITS PERIOD_US SECONDS STEP_US PORT [RT]\n");
        return 2;
    }
    units = atoi(argv[1]);
    double period = atof(argv[2]) * 1e-6, seconds = atof(argv[3]);
    double step = atof(argv[4]) * 1e-6;
    int port = atoi(argv[5]);
    struct sched_param level = {.sched_priority = argc > 6 ? atoi(argv[6]) : 0};
    if (level.sched_priority && sched_setscheduler(0, SCHED_FIFO, &level))
        perror("no real-time priority");
    link_ = calloc((size_t)units + 1, sizeof *link_);
    poll_ = epoll_create1(0);
    for (int i = 0; i <= units; i++)
        join(i, i == units ? port : port + 1 + i % 2);

    uint8_t read[6] = {1, 3, 0, 0, 0, 20};
    uint8_t write[15] = {1, 16, 0, 100, 0, 4, 8};
    double began = now(), tick = began + period, cpu = cpu_s();
    for (long k = 0; tick < began + seconds; k++) {
        struct timespec at = {(time_t)tick, (long)((tick - (double)(time_t)tick) * 1e9)};
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL))
            ;
        double woke = now();
        modbus_send_raw_request(link_[units], read, sizeof read);
        for (int i = 0; i < units; i++)
            modbus_send_raw_request(link_[i], read, sizeof read);
        uint64_t stamp = collect(units + 1, READ_REPLY);
        double got = now();
        while (now() - got < step)
            ;
        for (int b = 7; b < 15; b++)
            write[b] = (uint8_t)(k >> (b & 7));
        for (int i = 0; i < units; i++)
            modbus_send_raw_request(link_[i], write, sizeof write);
        collect(units, WRITE_REPLY);
        double end = now();
        printf("%.4f %.4f %.4f %.4f %.4f\n", (woke - tick) * 1e3, (got - woke) * 1e3,
               (end - got) * 1e3, (end - tick) * 1e3, (end - (double)stamp * 1e-6) * 1e3);
        for (tick += period; tick < now();)
            tick += period;
    }
    printf("cpu %.3f\n", (cpu_s() - cpu) / seconds * 100.0);
    return 0;
}
