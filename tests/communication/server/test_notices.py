"""A flood writes a line, and then how many it was."""

from ppc.communication.server.notices import Notices


def test_of_ten_thousand_alike_two_lines_are_written(caplog):
    now = [0.0]
    notices = Notices("127.0.0.1:502", now_s=lambda: now[0])
    for i in range(10_000):
        notices.tell("malformed", f"frame {i}")
    notices.tell("refused", "another kind")
    now[0] = 60.0
    notices.tell("malformed", "and again")
    assert [record.getMessage() for record in caplog.records] == [
        "127.0.0.1:502: frame 0",
        "127.0.0.1:502: another kind",
        "127.0.0.1:502: and again (9999 more like it before)",
    ]
    now[0] = 121.0
    notices.tell("malformed", "once more")
    assert caplog.records[-1].getMessage().endswith("once more")
