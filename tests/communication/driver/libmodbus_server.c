/* A station of Modbus RTU on a serial line with libmodbus, until its line is closed.
   usage: server DEVICE UNIT; of all four tables it has addresses 0 to 199, and each
   input register and discrete input holds its address. */
#include <modbus/modbus.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    uint8_t request[MODBUS_RTU_MAX_ADU_LENGTH];
    modbus_mapping_t *tables;
    modbus_t *link;
    int i, size;

    if (argc != 3)
        return 2;
    link = modbus_new_rtu(argv[1], 115200, 'N', 8, 1);
    modbus_set_slave(link, atoi(argv[2]));
    tables = modbus_mapping_new(200, 200, 200, 200);
    if (link == NULL || tables == NULL || modbus_connect(link) != 0)
        return 3;
    for (i = 0; i < 200; i++) {
        tables->tab_input_registers[i] = i;
        tables->tab_input_bits[i] = i & 1;
    }
    while ((size = modbus_receive(link, request)) >= 0)
        if (size > 0)
            modbus_reply(link, request, size, tables);
    return 0;
}
