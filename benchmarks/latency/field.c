/* The field, played so that it does not distort: libmodbus parses and answers, epoll waits.
 *
 *   field PORT [RT_PRIORITY]
 *
 * One register table for all connections. Registers 0 to 3 of every read carry
 * CLOCK_MONOTONIC in microseconds at the moment the answer is built (big-endian u64).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <modbus.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REGISTERS = 200, EVENTS = 256 };

static uint64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

static void put32(uint16_t *at, int32_t value)
{
    at[0] = (uint16_t)((uint32_t)value >> 16);
    at[1] = (uint16_t)value;
}

/* What a battery, and a meter, would show; see the profiles in run.py. */
static void fill(uint16_t *r)
{
    r[4] = 2;                 /* state: running */
    put32(r + 5, 10000);      /* p_w */
    put32(r + 7, 0);          /* q_var */
    put32(r + 9, 100000);     /* p_available_w */
    put32(r + 11, -100000);   /* p_available_min_w */
    r[13] = 500;              /* soc, 0.001 */
    put32(r + 14, 200100);    /* v, 0.1 V */
    put32(r + 16, 50000);     /* f, 0.001 Hz */
    put32(r + 18, 800000);    /* p at the meter, W */
}

static void stamp(uint16_t *r)
{
    uint64_t t = now_us();
    for (int w = 0; w < 4; w++)
        r[w] = (uint16_t)(t >> (48 - 16 * w));
}

static void welcome(int listener, int poll)
{
    int one = 1, fd = accept(listener, NULL, NULL);
    if (fd < 0)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &e);
}

static void answer(modbus_t *bus, modbus_mapping_t *map, int fd, int poll)
{
    uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
    modbus_set_socket(bus, fd);
    int length = modbus_receive(bus, query);
    if (length == -1) {
        epoll_ctl(poll, EPOLL_CTL_DEL, fd, NULL);
        close(fd);
    } else if (length > 0) {
        stamp(map->tab_registers);
        modbus_reply(bus, query, length, map);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: field PORT [RT_PRIORITY]\n");
        return 2;
    }
    struct sched_param level = {.sched_priority = argc > 2 ? atoi(argv[2]) : 0};
    if (level.sched_priority && sched_setscheduler(0, SCHED_FIFO, &level))
        perror("no real-time priority");
    modbus_t *bus = modbus_new_tcp("127.0.0.1", atoi(argv[1]));
    modbus_mapping_t *map = modbus_mapping_new(REGISTERS, REGISTERS, REGISTERS, REGISTERS);
    if (!bus || !map)
        return 1;
    fill(map->tab_registers);
    int listener = modbus_tcp_listen(bus, 1024);
    if (listener < 0) {
        perror("listen");
        return 1;
    }
    int poll = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.fd = listener}, ready[EVENTS];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &e);
    puts("up");
    fflush(stdout);
    for (;;) {
        int count = epoll_wait(poll, ready, EVENTS, -1);
        if (count < 0 && errno != EINTR)
            return 1;
        for (int i = 0; i < count; i++) {
            if (ready[i].data.fd == listener)
                welcome(listener, poll);
            else
                answer(bus, map, ready[i].data.fd, poll);
        }
    }
}
