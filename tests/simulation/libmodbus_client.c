/* Reads registers over Modbus TCP with libmodbus and prints them, a word a line.
   usage: client PORT UNIT TABLE ADDRESS COUNT, TABLE h (holding) or i (input) */
#include <errno.h>
#include <modbus/modbus.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    uint16_t words[125];
    int i, count, got;
    modbus_t *link;

    if (argc != 6)
        return 2;
    count = atoi(argv[5]);
    link = modbus_new_tcp("127.0.0.1", atoi(argv[1]));
    if (link == NULL || modbus_connect(link) != 0)
        return 3;
    modbus_set_slave(link, atoi(argv[2]));
    got = argv[3][0] == 'i'
        ? modbus_read_input_registers(link, atoi(argv[4]), count, words)
        : modbus_read_registers(link, atoi(argv[4]), count, words);
    if (got < 0)
        fprintf(stderr, "%s\n", modbus_strerror(errno));
    for (i = 0; i < got; i++)
        printf("%u\n", words[i]);
    modbus_close(link);
    modbus_free(link);
    return got == count ? 0 : 1;
}
