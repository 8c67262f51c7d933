import logging

from ppc.adapter.northbound.few_lines import FewLines


def test_thirty_at_once_then_one_every_two_seconds(caplog):
    now_s = 0.0
    lines = FewLines(logging.getLogger("ppc.test"), lambda: now_s)
    with caplog.at_level(logging.INFO):
        for i in range(100):
            lines.write(logging.INFO, f"line {i}")
        assert [r.message for r in caplog.records] == [f"line {i}" for i in range(30)]
        now_s = 2.0
        lines.write(logging.WARNING, "again")
        lines.write(logging.WARNING, "and again")
    assert len(caplog.records) == 31
    assert caplog.records[-1].message == "again (70 lines like this left out before)"
    assert caplog.records[-1].levelno == logging.WARNING


def test_it_fills_up_again_but_not_beyond(caplog):
    now_s = 0.0
    lines = FewLines(logging.getLogger("ppc.test"), lambda: now_s)
    now_s = 3600.0
    with caplog.at_level(logging.INFO):
        for i in range(100):
            lines.write(logging.INFO, f"line {i}")
    assert len(caplog.records) == 30
