"""What a Modbus TCP server does at the edges: raw bytes in, what comes back in words.

For any server with unit 1 and 200 addresses in each table, on a port of this machine.
"""

import socket
import struct
import time
from contextlib import closing

PATIENCE_S = 1.2
"""Who has not answered by then is silent: libmodbus rests 0.5 s at what is bad."""


def frame(pdu, transaction=1, unit=1, protocol=0, length=None):
    size = 1 + len(pdu) if length is None else length
    return struct.pack(">HHHB", transaction, protocol, size, unit) + pdu


class Line:
    """One connection."""

    def __init__(self, port, patience_s=PATIENCE_S):
        self._socket = socket.create_connection(("127.0.0.1", port), 2.0)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(patience_s)

    def close(self):
        self._socket.close()

    def send(self, data):
        self._socket.sendall(data)

    def answers(self, count):
        """PDUs of so many answers; at the end why there are no more."""
        told, data = [], b""
        while len(told) < count:
            try:
                more = self._socket.recv(4096)
            except TimeoutError:
                return [*told, "silent"]
            except OSError:
                more = b""
            if not more:
                return [*told, "closed"]
            data += more
            while len(data) > 7 and len(data) >= (end := 6 + int.from_bytes(data[4:6])):
                told.append(data[7:end])
                data = data[end:]
        return told


def said(answer):
    """One answer in words."""
    if isinstance(answer, str):
        return answer
    if answer[0] & 0x80:
        code = answer[1] if len(answer) > 1 else 0
        return f"{answer[0]:02X} code {code:02X}"
    return "answered"


def asked(port, *requests, count=1, pause_s=0.0, **options):
    """What comes of requests, each in a segment of its own."""
    with closing(Line(port, **options)) as line:
        try:
            for request in requests:
                line.send(request)
                time.sleep(pause_s)
        except OSError:
            return "closed"
        answers = line.answers(count)
    right = [a for a in answers if not isinstance(a, str)]
    if count == 1:
        return said(answers[0])
    why = f", {answers[-1]}" if isinstance(answers[-1], str) else ""
    return f"{len(right)} of {count}{why}"


def pdu(text):
    return bytes.fromhex(text)


READ = pdu("03 0000 0002")


def four_in_one(port):
    return asked(port, b"".join(frame(READ, i) for i in range(4)), count=4)


def one_and_a_half(port):
    whole = frame(READ, 1) + frame(READ, 2)
    return asked(port, whole[:18], whole[18:], count=2, pause_s=0.05)


def byte_by_byte(port):
    whole = frame(READ)
    return asked(port, *(bytes((b,)) for b in whole), pause_s=0.005)


def beside_a_partial_frame(port):
    """Whether one who does not end his frame holds up another."""
    with closing(Line(port)) as slow:
        slow.send(frame(READ)[:9])
        return asked(port, frame(READ))


def never_whole(port):
    return asked(port, frame(READ)[:9], patience_s=4.0)


def after_a_bad_pdu(port):
    """An exception, or silence, and then: does it still answer there?"""
    return asked(port, frame(pdu("03 00")), frame(READ), count=2)


def single(text, **options):
    return lambda port: asked(port, frame(pdu(text), **options))


CHECKS = {
    "4 requests in one segment": (four_in_one, "4 of 4"),
    "1.5 frames, then the rest": (one_and_a_half, "2 of 2"),
    "byte by byte": (byte_by_byte, "answered"),
    "FC3, 126 registers": (single("03 0000 007e"), "83 code 03"),
    "FC3, 0 registers": (single("03 0000 0000"), "83 code 03"),
    "FC3, cut short": (single("03 0000"), "83 code 03"),
    "a bad PDU, then a right one": (after_a_bad_pdu, "2 of 2"),
    "unknown function 99": (single("63 0000 0001"), "E3 code 01"),
    "address 65535, 2 registers": (single("03 ffff 0002"), "83 code 02"),
    "address beyond the table": (single("03 00c8 0001"), "83 code 02"),
    "unknown unit 7": (single("03 0000 0002", unit=7), "83 code 0B"),
    "protocol id 1": (single("03 0000 0002", protocol=1), "closed"),
    "length 2000": (single("03 0000 0002", length=2000), "closed"),
    "length 1": (single("03 0000 0002", length=1), "closed"),
    "FC16, byte count lies": (single("10 0000 0002 02 1234"), "90 code 03"),
    "FC5, value 0001": (single("05 0000 0001"), "85 code 03"),
    "FC1, coils": (single("01 0000 0008"), "answered"),
    "FC2, discrete inputs": (single("02 0000 0008"), "answered"),
    "FC4, input registers": (single("04 0000 0002"), "answered"),
    "FC5, one coil": (single("05 0000 ff00"), "answered"),
    "FC6, one register": (single("06 0000 1234"), "answered"),
    "FC15, coils": (single("0f 0000 0008 01 00"), "answered"),
    "FC16, registers": (single("10 0000 0001 02 0000"), "answered"),
    "FC22, mask write": (single("16 0000 ffff 0000"), "answered"),
    "FC23, read and write": (single("17 0000 0001 0000 0001 02 0000"), "answered"),
    "FC43/14, identification": (single("2b 0e 01 00"), "answered"),
    "another client, beside a partial frame": (beside_a_partial_frame, "answered"),
    "a frame that is never whole": (never_whole, "closed"),
}
"""What is tried, and what is right."""


def outcomes(port):
    """What a server does, check by check."""
    return {name: check(port) for name, (check, _) in CHECKS.items()}
