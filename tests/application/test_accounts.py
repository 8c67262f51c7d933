import os

from ppc.application.accounts import account, may_change


def test_who_may_change(tmp_path):
    assert may_change(0, tmp_path)
    assert may_change(os.getuid(), tmp_path)
    assert not may_change(64000, tmp_path)
    assert may_change(os.getuid(), tmp_path / "not_there")
    assert account(0) == "root"
    assert account(64000) == "uid 64000"
