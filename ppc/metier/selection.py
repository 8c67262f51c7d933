"""Who may choose: which law reactive power, and whether anybody active power."""

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Orders
from ppc.keys import QMode


def p_left(orders: Orders, envelope: Envelope) -> bool:
    """Whether P may still be chosen: the plant is not blocked, nobody before has."""
    return orders.enable_code != 0 and envelope.p_wish_w is None


def q_selected(orders: Orders, law: QMode, *, enabled: bool) -> bool:
    """Whether `law` may choose the reactive power now.

    An ordered mode decides alone. Without one, an ordered reactive power takes over
    from every law, and of those `enabled` the first in plant.yaml chooses. One that
    expired goes on, for as long as its fall-back says, against the laws that stand
    after `set_point_tracking` (docs/decisions/0022). A limit that belongs to the
    set-point is in force with it, if it is `enabled`.
    """
    if orders.enable_code == 0:
        return False
    if orders.q_mode_code:
        return orders.q_mode_code == law
    if law is QMode.SET_POINT:
        return orders.q_set_var is not None
    if law is QMode.LIMITED_BY_VOLTAGE:
        return enabled and orders.q_set_var is not None
    return enabled and orders.q_set_var is None
