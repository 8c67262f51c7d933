from pathlib import Path

from pytest import mark

from ppc.adapter.profile import DeviceProfile
from ppc.commissioning.subject import Subject, one_by_one

PROFILES = sorted((Path(__file__).parents[2] / "config" / "profiles").glob("*.yaml"))


def test_everything_is_read_once_keys_first(subject):
    assert subject.names[:2] == ("p_w", "q_var")
    assert len(set(subject.names)) == len(subject.names) == 9
    assert [(b.address, b.count) for b in subject.requests] == [
        (0, 3),
        (20, 3),
        (30, 7),
    ]


def test_what_needs_each_other_stays_together_when_taken_apart(subject):
    last = subject.requests[-1]
    apart = one_by_one(last)
    assert [b.address for b in apart] == [30, 31, 32, 34, 35]
    assert [p.label for p in apart[2].points] == ["exponent", "limit"]


@mark.parametrize("file", PROFILES, ids=lambda file: file.stem)
def test_every_shipped_profile_can_be_read_whole_and_in_pieces(file):
    subject = Subject("any", DeviceProfile.load(file), 1)
    for block in subject.requests:
        pieces = one_by_one(block)
        points = [point.label for piece in pieces for point in piece.points]
        assert sorted(points) == sorted(point.label for point in block.points)
        assert sum(len(p.sums) for p in pieces) == len(block.sums)
