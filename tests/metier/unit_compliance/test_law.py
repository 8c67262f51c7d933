from pytest import mark

from ppc.metier.unit_compliance.law import follows, next_rest_s


@mark.parametrize(
    ("p", "asked", "good"),
    [
        (1.0, 1.0, True),
        (1.1, 1.0, True),
        (1.2, 1.0, False),
        (-1.0, 1.0, False),
        (2.0, 3.0, True),  # it could give no more than 2
        (1.5, 3.0, False),  # but that much it could
        (3.0, 3.0, True),
        (-2.0, -9.0, True),
    ],
)
def test_what_a_unit_cannot_do_is_no_disobedience(p: float, asked: float, good: bool):  # noqa: FBT001
    assert follows(p, asked, tolerance=0.15, most=2.0, least=-2.0) is good


def test_every_rest_is_twice_as_long_up_to_a_limit():
    rests = [0.0]
    for _ in range(4):
        rests.append(next_rest_s(rests[-1], first_s=60.0, most_s=300.0))
    assert rests[1:] == [60.0, 120.0, 240.0, 300.0]
