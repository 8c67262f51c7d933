/* libmodbus reads and writes a station by every function it has, and says what differs.
   usage: client tcp PORT UNIT | client rtu DEVICE UNIT */
#include <errno.h>
#include <modbus/modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(what)                                                                     \
    do {                                                                               \
        if (!(what)) {                                                                 \
            fprintf(stderr, "line %d: %s: %s\n", __LINE__, #what,                      \
                    modbus_strerror(errno));                                           \
            return 1;                                                                  \
        }                                                                              \
    } while (0)


int main(int argc, char **argv)
{
    uint16_t words[125], some[3] = {0x1234, 0, 0xffff};
    uint8_t bits[2000], pattern[10] = {1, 0, 1, 1, 0, 0, 1, 1, 1, 0};
    modbus_t *link;

    MUST(argc == 4);
    link = strcmp(argv[1], "tcp") ? modbus_new_rtu(argv[2], 115200, 'N', 8, 1)
                                  : modbus_new_tcp("127.0.0.1", atoi(argv[2]));
    modbus_set_slave(link, atoi(argv[3]));
    MUST(modbus_connect(link) == 0);

    MUST(modbus_write_registers(link, 10, 3, some) == 3);
    MUST(modbus_read_registers(link, 10, 3, words) == 3);
    MUST(!memcmp(words, some, sizeof some));
    MUST(modbus_read_input_registers(link, 10, 3, words) == 3);
    MUST(!memcmp(words, some, sizeof some));
    MUST(modbus_write_register(link, 11, 0xbeef) == 1);
    MUST(modbus_mask_write_register(link, 10, 0x00f2, 0x0025) == 1);
    MUST(modbus_write_and_read_registers(link, 12, 1, some, 10, 3, words) == 3);
    MUST(words[0] == ((0x1234 & 0xf2) | (0x25 & ~0xf2)) && words[1] == 0xbeef);
    MUST(words[2] == 0x1234);
    MUST(modbus_read_registers(link, 0, 125, words) == 125 && words[11] == 0xbeef);

    MUST(modbus_write_bits(link, 20, 10, pattern) == 10);
    MUST(modbus_write_bit(link, 29, 1) == 1);
    MUST(modbus_read_bits(link, 20, 10, bits) == 10);
    MUST(!memcmp(bits, pattern, 9) && bits[9] == 1);
    MUST(modbus_read_input_bits(link, 20, 10, bits) == 10 && !bits[0] && bits[1]);

    MUST(modbus_read_registers(link, 999, 2, words) == -1 && errno == EMBXILADD);
    MUST(modbus_read_registers(link, 10, 1, words) == 1); /* and goes on */
    puts("all right");
    modbus_close(link);
    modbus_free(link);
    return 0;
}
