from ppc.metier.permission import Permission


def test_silence_neither_gives_nor_takes_it():
    permission = Permission()
    assert permission.given(None, spend=False)
    assert not permission.given(0, spend=False)
    assert not permission.given(None, spend=False)
    assert permission.given(1, spend=False)
    assert permission.given(None, spend=False)


def test_spent_it_must_be_taken_back_before_it_counts_again():
    permission = Permission()
    assert not permission.given(1, spend=True)
    assert not permission.given(1, spend=False)
    assert not permission.given(None, spend=False)
    assert not permission.given(0, spend=False)
    assert permission.given(1, spend=False)


def test_what_is_given_while_it_is_being_spent_does_not_count():
    permission = Permission()
    for code in (1, 0, 1):
        assert not permission.given(code, spend=True)
    assert not permission.given(1, spend=False)
