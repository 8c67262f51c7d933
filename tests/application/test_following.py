from ppc.application.following import Following


class Thing:
    def __init__(self, looks):
        self.left, self.seen = looks, []

    @property
    def busy(self):
        return self.left > 0

    def look(self, now_s):
        self.left -= 1
        self.seen.append(now_s)


def test_it_looks_while_there_is_something_to_be_seen():
    due, clock = [], iter(range(10))
    following = Following(lambda _, action: due.append(action), lambda: next(clock))
    following.begin()
    assert not due
    one, other = Thing(2), Thing(1)
    following.add(one)
    following.add(other)
    following.begin()
    following.begin()
    assert len(due) == 1  # it looks once, however often it is told
    while due:
        due.pop()()
    assert (one.seen, other.left) == ([0, 1], -1)
