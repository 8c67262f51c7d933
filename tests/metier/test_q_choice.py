from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import Poi
from ppc.metier.q_choice import QChoice

ALL = Envelope()


def test_it_goes_on_from_what_was_granted():
    choice = QChoice()
    granted = choice.take(3e6, Poi(), Envelope(q_var=Interval(-1e6, 2e6)))
    assert granted.q_var.low == granted.q_var.high == 2e6
    assert choice.q_var == 2e6


def test_who_chose_before_is_followed():
    choice = QChoice()
    granted = choice.take(3e6, Poi(), ALL.choose_q(-1e6))
    assert granted.q_var == Interval(-1e6, -1e6)
    assert choice.q_var == -1e6


def test_left_to_others_it_follows_what_is_measured():
    choice = QChoice()
    assert choice.take(None, Poi(q_var=5e5), ALL) is ALL
    assert choice.q_var == 5e5
    assert choice.take(None, Poi(q_var=None), ALL) is ALL
    assert choice.q_var == 5e5
