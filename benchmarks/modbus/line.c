/* A device on a serial line: libmodbus answers at the near end of a pseudo-terminal.
 *
 *   line
 *
 * Prints the path of the far end. No baud rate is kept: a pseudo-terminal has none.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

enum { REGISTERS = 200 };

int main(void)
{
    int near = posix_openpt(O_RDWR | O_NOCTTY);
    if (near < 0 || grantpt(near) || unlockpt(near)) {
        perror("pseudo-terminal");
        return 1;
    }
    /* Held open, so that the line outlives each of those who use it. */
    int far = open(ptsname(near), O_RDWR | O_NOCTTY);
    struct termios raw;
    if (far < 0 || tcgetattr(far, &raw))
        return 1;
    cfmakeraw(&raw);
    tcsetattr(far, TCSANOW, &raw);

    modbus_t *bus = modbus_new_rtu(ptsname(near), 115200, 'N', 8, 1);
    modbus_mapping_t *map = modbus_mapping_new(0, 0, REGISTERS, 0);
    if (!bus || !map)
        return 1;
    modbus_set_slave(bus, 1);
    modbus_set_socket(bus, near);
    puts(ptsname(near));
    fflush(stdout);
    for (;;) {
        uint8_t query[MODBUS_RTU_MAX_ADU_LENGTH];
        int length = modbus_receive(bus, query);
        if (length > 0)
            modbus_reply(bus, query, length, map);
    }
}
