"""What was measured at the connection point, in words."""

from collections.abc import Iterator

from ppc.application.figures import vars_, watts
from ppc.datamodel.command import Measurement
from ppc.datamodel.observation import Orders, SystemObs
from ppc.datamodel.rating import ConnectionPoint


def measured(
    obs: SystemObs, measurement: Measurement, plant: ConnectionPoint
) -> Iterator[str]:
    """What is known of the connection point, and what is not as usual with it."""
    poi = obs.poi
    yield "P not known" if poi.p_w is None else f"P = {watts(poi.p_w)}"
    yield "Q not known" if poi.q_var is None else f"Q = {vars_(poi.q_var)}"
    if poi.v_v is None:
        yield "U not known"
    else:
        v_pu = poi.v_v / plant.v_nominal_v
        yield f"U = {poi.v_v / 1e3:.3f} kV ({v_pu:.4f} pu)"
    yield "f not known" if poi.f_hz is None else f"f = {poi.f_hz:.3f} Hz"
    yield from _conditioned(obs.orders, measurement)


def _conditioned(orders: Orders, measurement: Measurement) -> Iterator[str]:
    """What is not as usual with the measurement."""
    sentences = {
        "testing": "test: control functions see {test} more, for {left:.0f} s at most",
        "implausible": "P and Q of a meter contradict the units: they are not believed",
        "doubtful": "P of a meter is just the opposite of what the units give",
        "second_meter": "the second meter stands in for {spare}",
        "meters_differ": "the two meters differ in {differ}",
        "test_over": "the test is over, and must be withdrawn before the next",
    }
    for word in measurement.words:
        if sentence := sentences.get(word):
            yield sentence.format(
                test=f"{orders.f_test_hz or 0.0:+.3f} Hz and "
                f"{orders.v_test_pu or 0.0:+.4f} pu",
                left=measurement.test_left_s or 0.0,
                spare=", ".join(_NAMES[name] for name in measurement.spare),
                differ=", ".join(_NAMES[name] for name in measurement.differ),
            )


_NAMES = {"v_v": "U", "f_hz": "f", "p_w": "P", "q_var": "Q"}
