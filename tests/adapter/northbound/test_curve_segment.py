"""Curves in registers: staged, requested, adopted, and what is in force."""

import struct
from math import isnan, nan

from pytest import approx, fixture, mark, raises

from ppc.adapter.northbound.curve_desk import CurveDesk, Outcome
from ppc.adapter.northbound.curve_segment import CurveSegment, curve_registers
from ppc.adapter.northbound.curve_words import Reason, Result
from ppc.communication.errors import ExceptionCode, Refused
from ppc.metier.power_factor.policy import PowerFactorSettings
from ppc.metier.volt_var.policy import VoltVarSettings

AT = {r.name.partition(".")[2]: r for r in curve_registers(600, "big")}
POINTS = [(0.92, 0.44), (0.98, 0.0), (1.02, 0.0), (1.08, -0.44)]


class Block:
    """The block, with somebody behind it who answers when the test says so."""

    def __init__(self, *, allowed=True, order="big"):
        self.functions = {
            "volt_var": VoltVarSettings(points_pu=tuple(POINTS), response_s=5.0),
            "power_factor": PowerFactorSettings(),
        }
        self.asked, self.done, self.now_s = [], None, 0.0
        self.desk = CurveDesk("operator", lambda: self.functions, self.adopt)
        self.segment = CurveSegment(600, self.desk, allowed=allowed, word_order=order)

    def adopt(self, changes, source, done):
        self.asked.append((changes, source))
        self.done = done

    def write(self, name, *values):
        """From the register of `name` on."""
        names = sorted(AT, key=lambda n: AT[n].address)
        first = names.index(name)
        kinds = [AT[n].type.code for n in names[first : first + len(values)]]
        self.segment.write(
            AT[name].address, struct.pack(">" + "".join(kinds), *values), self.now_s
        )

    def read(self, name):
        first = 2 * (AT[name].address - 600)
        shown = self.segment.render(None, 0.0)[first : first + 2 * AT[name].size]
        return struct.unpack(f">{AT[name].type.code}", shown)[0]

    def stage(self, code, *points, response_s=nan):
        self.write("curve_code", code, len(points))
        self.write("response_s", response_s, *(v for point in points for v in point))


@fixture(name="block")
def _block():
    return Block()


def refused(block, code, name, *values):
    with raises(Refused) as refusal:
        block.write(name, *values)
    assert refusal.value.code is code


def test_the_curve_in_force_can_be_read(block):
    block.write("shown_code", 1)
    assert block.read("shown_points_count") == 4
    assert block.read("shown_response_s") == 5.0
    assert block.read("shown_x1") == approx(0.92)
    assert block.read("shown_y4") == approx(-0.44)
    assert isnan(block.read("shown_x5"))
    assert block.read("possible_code") == 0b100010
    for code in (5, 3, 99):  # none of its own, no function, none such
        block.write("shown_code", code)
        assert block.read("shown_points_count") == 0


def test_a_curve_is_staged_requested_and_adopted(block):
    block.stage(1, (0.9, 0.3), (1.1, -0.3), response_s=2.0)
    assert not block.asked
    assert block.read("y2") == approx(-0.3)
    assert block.read("adopt_result_code") == Result.IDLE
    block.write("adopt_request_code", 1)
    assert block.asked == [
        ({"volt_var": {"points_pu": [[0.9, 0.3], [1.1, -0.3]], "response_s": 2.0}},
         "operator")
    ]  # fmt: skip
    assert block.read("adopt_result_code") == Result.IN_PROGRESS
    refused(block, ExceptionCode.BUSY, "adopt_request_code", 1)
    block.done(Outcome(version=7))
    assert block.read("adopt_result_code") == Result.COMPLETED
    assert block.read("version_count") == 7


def test_what_failed_says_why(block):
    block.stage(1, (1.1, 0.3), (0.9, -0.3))
    block.write("adopt_request_code", 1)
    block.done(Outcome(Reason.VALUES, said="x must rise"))
    assert block.read("adopt_result_code") == Result.FAILED
    assert block.read("adopt_reason_code") == Reason.VALUES
    block.write("adopt_request_code", 1)
    block.done(Outcome(Reason.NOTHING_CHANGED))
    assert block.read("adopt_result_code") == Result.COMPLETED


@mark.parametrize(
    ("code", "count", "reason"),
    [(9, 2, 1), (1, 1, 2), (1, 11, 2), (3, 2, 3)],
)
def test_a_request_that_cannot_be_is_refused(block, code, count, reason):
    block.write("curve_code", code, count)
    refused(block, ExceptionCode.ILLEGAL_VALUE, "adopt_request_code", code)
    assert block.read("adopt_result_code") == Result.FAILED
    assert block.read("adopt_reason_code") == reason
    assert not block.asked


def test_a_request_must_name_the_curve_that_is_staged(block):
    block.stage(1, (0.9, 0.3), (1.1, -0.3))
    refused(block, ExceptionCode.ILLEGAL_VALUE, "adopt_request_code", 5)
    assert not block.asked


def test_only_whole_values_of_the_staging_area_are_taken(block):
    for address, size, code in (
        (608, 1, ExceptionCode.ILLEGAL_VALUE),
        (609, 2, ExceptionCode.ILLEGAL_VALUE),
        (603, 1, ExceptionCode.ILLEGAL_ADDRESS),
        (648, 1, ExceptionCode.ILLEGAL_ADDRESS),
        (654, 2, ExceptionCode.ILLEGAL_ADDRESS),
    ):
        with raises(Refused) as refusal:
            block.segment.write(address, b"\0\0" * size, 0.0)
        assert refusal.value.code is code
    assert isnan(block.read("x1"))


def test_who_has_not_the_right_only_chooses_what_is_shown():
    reader = Block(allowed=False)
    reader.write("shown_code", 1)
    assert reader.read("shown_points_count") == 4
    refused(reader, ExceptionCode.ILLEGAL_ADDRESS, "curve_code", 1)
    refused(reader, ExceptionCode.ILLEGAL_ADDRESS, "adopt_request_code", 0)


def test_words_may_be_the_other_way_round():
    turned = Block(order="little")
    turned.segment.write(608, b"\0\0\x3f\x80", 0.0)
    assert turned.segment.render(None, 0.0)[16:20] == b"\0\0\x3f\x80"
    assert turned.segment._values["curve.x1"] == 1.0


def test_requests_without_end_keep_nobody_busy(block):
    block.write("curve_code", 1, 1)
    for _ in range(10):
        refused(block, ExceptionCode.ILLEGAL_VALUE, "adopt_request_code", 1)
    refused(block, ExceptionCode.BUSY, "adopt_request_code", 1)
    block.now_s = 6.0
    refused(block, ExceptionCode.ILLEGAL_VALUE, "adopt_request_code", 1)
