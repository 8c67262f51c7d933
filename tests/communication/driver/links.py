"""A link without a wire: what it sends is kept, what it hears is told it."""

from hypothesis import strategies as st

from ppc.communication.driver.base import Exchange, Function, LinkCounters
from ppc.communication.driver.settings import LinkSettings
from ppc.communication.modbus import heads


class Asked:
    """A link that has asked station 17 for four registers; it is its transport too."""

    def __init__(self, kind, *more):
        self.counters = LinkCounters()
        self.replies, self.sent = [], []
        self.link = kind(
            self.counters,
            LinkSettings(),
            lambda _, reply: self.replies.append(reply),
            lambda: None,
            *more,
        )
        self.link.connection_made(self)
        read = Exchange(17, Function.READ_HOLDING, 100, 4)
        read.compiled = heads(read)
        self.link.ask(read)

    def write(self, data):
        self.sent.append(data)

    def abort(self):
        """Nothing is open."""

    def hear(self, *pieces):
        for piece in pieces:
            if piece and not self.link.lost.is_set():
                self.link.data_received(piece)
        self.link.abort()

    @property
    def data(self):
        """What it has taken for the answer."""
        found = [reply for reply in self.replies if isinstance(reply, bytes)]
        assert len(self.replies) <= 1, "told more than once"
        return found[0] if found else None


def near_misses(right):
    """The right frame with one byte changed, left out or put in, or cut or followed."""
    at, byte = st.integers(0, len(right) - 1), st.binary(min_size=1, max_size=1)
    return st.one_of(
        st.builds(lambda i, b: right[:i] + b + right[i + 1 :], at, byte),
        st.builds(lambda i: right[:i] + right[i + 1 :], at),
        st.builds(lambda i, b: right[:i] + b + right[i:], at, byte),
        st.builds(lambda i: right[:i], at),
        st.builds(lambda more: right + more, st.binary(min_size=1, max_size=20)),
        st.builds(lambda more: more + right, st.binary(min_size=1, max_size=20)),
    ).filter(lambda frame: frame != right)
