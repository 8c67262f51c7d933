from ppc.commissioning.subject import one_by_one


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
