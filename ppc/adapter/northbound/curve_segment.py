"""The registers of curves: a staging area, request and result, what is in force."""

from math import nan

from ppc.adapter.layout import Layout
from ppc.adapter.northbound.curve_desk import CurveDesk
from ppc.adapter.northbound.curve_words import CURVES, MOST_POINTS, Reason, Result
from ppc.adapter.northbound.pace import Pace
from ppc.adapter.northbound.published import Published
from ppc.adapter.plant_view import PlantView
from ppc.adapter.register_type import RegisterType, WordOrder
from ppc.communication.errors import ExceptionCode, Refused

COUNT = 96
_U16, _F32 = RegisterType.U16, RegisterType.F32
_STAGED, _SHOWN = 8, 54
"""Where the points begin."""
_AT_ONCE, _EVERY_S = 10, 6.0
"""Requests, at once and in the long run: each is checked for long, and one that is
adopted is kept for good."""


def _listed(words: type[Result] | type[Reason]) -> str:
    return ", ".join(f"{w.value} {w.name.lower().replace('_', ' ')}" for w in words)


_CURVES = ", ".join(f"{code} {curve.meaning}" for code, curve in CURVES.items())
_ITEMS = [
    ("curve_code", 0, _U16, "rw", f"staged: {_CURVES} droop"),
    ("points_count", 1, _U16, "rw", f"staged: how many points, {MOST_POINTS} at most"),
    ("adopt_request_code", 2, _U16, "rw", "curve_code once more: has it adopted"),
    ("adopt_result_code", 3, _U16, "r", _listed(Result)),
    ("adopt_reason_code", 4, _U16, "r", _listed(Reason)),
    ("version_count", 5, _U16, "r", "number of the change in `ppc set --list`"),
    ("response_s", 6, _F32, "rw", "staged: time for 90 % of the answer; NaN: as it is"),
    ("shown_code", 50, _U16, "rw", "the curve that is shown below: as curve_code"),
    ("shown_points_count", 51, _U16, "r", "in force: how many points"),
    ("shown_response_s", 52, _F32, "r", "in force: time for 90 % of the answer"),
    ("possible_code", 94, _U16, "r", "2 to the power of each curve the plant has"),
    *(
        (
            f"{axis}{i + 1}",
            _STAGED + 4 * i + 2 * j,
            _F32,
            "rw",
            f"staged: point {i + 1}",
        )
        for i in range(MOST_POINTS)
        for j, axis in enumerate("xy")
    ),
    *(
        (f"shown_{axis}{i + 1}", _SHOWN + 4 * i + 2 * j, _F32, "r", "in force")
        for i in range(MOST_POINTS)
        for j, axis in enumerate("xy")
    ),
]
_UNITS = {"code": "code", "count": "count", "s": "s"}


def curve_registers(address: int, word_order: WordOrder) -> list[Published]:
    """What stands in the block of curves."""
    return [
        Published(
            *(f"curve.{name}", address + at, kind, kind.size),
            *(_UNITS.get(name.rpartition("_")[2], ""), meaning),
            access=access,
            word_order=word_order,
            block="curves",
        )
        for name, at, kind, access, meaning in sorted(_ITEMS, key=lambda item: item[1])
    ]


class CurveSegment:
    """Curves of the plant for one source, who may have others adopted if `allowed`; any
    may choose which one is shown.

    A request that cannot be is answered with exception 3, one while another is in
    progress, or too soon after many others, with 6; what comes of it stands in
    `adopt_result_code`.
    """

    def __init__(
        self, address: int, desk: CurveDesk, *, allowed: bool, word_order: WordOrder
    ) -> None:
        self.address, self.count = address, COUNT
        self._desk, self._allowed = desk, allowed
        self._pace = Pace(_AT_ONCE, _EVERY_S)
        self._registers = curve_registers(0, word_order)
        self._layout = Layout(self._registers, 0, COUNT, word_order)
        self._values: dict[str, float] = {
            r.name: nan if r.type is _F32 else 0 for r in self._registers
        }

    def render(self, view: PlantView | None, now_s: float) -> bytes:  # noqa: ARG002
        """What is staged, what came of it, and what is in force."""
        desk, values = self._desk, self._values
        shown = {
            **values,
            "curve.adopt_result_code": desk.result,
            "curve.adopt_reason_code": desk.reason,
            "curve.version_count": desk.version % 65536,
            "curve.possible_code": sum(1 << code for code in desk.possible),
        }
        active = desk.active(int(values["curve.shown_code"]))
        points, shown["curve.shown_response_s"] = active or ((), nan)
        shown["curve.shown_points_count"] = len(points)
        for i, (x, y) in enumerate(points[:MOST_POINTS], 1):
            shown[f"curve.shown_x{i}"], shown[f"curve.shown_y{i}"] = x, y
        return self._layout.pack([shown[r.name] for r in self._registers])

    def write(self, address: int, payload: bytes, now_s: float) -> None:
        """Stage whole values; a request among them counts with what is staged then."""
        told = self._told(address - self.address, payload)
        if not self._allowed and told.keys() != {"curve.shown_code"}:
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        code = told.get("curve.adopt_request_code")
        if self._desk.busy:
            raise Refused(ExceptionCode.BUSY)
        values = self._values | told
        if code is not None:
            if code != values["curve.curve_code"]:
                raise Refused(ExceptionCode.ILLEGAL_VALUE)
            if not self._pace.allows(now_s):
                raise Refused(ExceptionCode.BUSY)
            count = int(values["curve.points_count"])
            points = [
                (values[f"curve.x{i}"], values[f"curve.y{i}"])
                for i in range(1, min(count, MOST_POINTS) + 1)
            ]
            points += [(nan, nan)] * (count - len(points))
            if self._desk.request(int(code), points, values["curve.response_s"]):
                raise Refused(ExceptionCode.ILLEGAL_VALUE)
        self._values = values

    def _told(self, first: int, payload: bytes) -> dict[str, float]:
        end, covered = first + len(payload) // 2, 0
        found: dict[str, float] = {}
        for register in self._registers:
            at, after = register.address, register.address + register.size
            if after <= first or at >= end:
                continue
            if register.access == "r":
                raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
            if at < first or after > end:
                raise Refused(ExceptionCode.ILLEGAL_VALUE)  # half a value
            part = payload[2 * (at - first) : 2 * (after - first)]
            alone = Layout([register], at, register.size)
            found[register.name] = alone.unpack(part)[0]
            covered += register.size
        if covered < end - first:
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        return found
