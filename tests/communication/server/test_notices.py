"""A flood writes a line when it begins, and another when it is over."""

from ppc.communication.server.notices import QUIET_S, Notices


def noted(caplog):
    return [record.getMessage() for record in caplog.records]


def made():
    now = [1000.0]
    return now, Notices("127.0.0.1:502", now_s=lambda: now[0])


def test_of_ten_thousand_alike_two_lines_are_written(caplog):
    now, notices = made()
    for i in range(10_000):
        notices.tell("malformed", f"frame {i}")
    notices.tell("refused", "another kind")
    now[0] += QUIET_S
    notices.settle()
    notices.settle()
    notices.tell("malformed", "and again")
    assert noted(caplog) == [
        "127.0.0.1:502: frame 0",
        "127.0.0.1:502: another kind",
        "127.0.0.1:502: malformed: over, after 9999 more like the first",
        "127.0.0.1:502: and again",
    ]


def test_what_goes_on_for_a_month_writes_no_second_line(caplog):
    now, notices = made()
    for _ in range(30 * 24 * 60):
        notices.tell("refused", "a connection")
        now[0] += 60.0
        notices.settle()
    assert noted(caplog) == ["127.0.0.1:502: a connection"]


def test_who_never_settles_is_told_before_the_next(caplog):
    now, notices = made()
    for _ in range(3):
        notices.tell("malformed", "noise")
    now[0] += QUIET_S
    notices.tell("malformed", "noise")
    assert [line.partition(": ")[2] for line in noted(caplog)] == [
        *("noise", "malformed: over, after 2 more like the first", "noise")
    ]
