"""What the wire tells of a device: whether it answers, how old, how good, and what."""

from collections.abc import Callable, Sequence

from ppc.adapter.codec import Row
from ppc.adapter.northbound.unit_map import ANSWERS, NO_LINK, SILENT
from ppc.adapter.northbound.unit_segment import Facts
from ppc.application.aggregation import Aggregation
from ppc.application.device import FieldDevice
from ppc.datamodel.observation import Quality


def facts_of(field: Aggregation, name: str) -> Callable[[float], Facts]:
    """Tells them for a time. KeyError: there is no such device. Event loop only."""
    device = {device.name: device for device in field.devices}[name]
    return lambda now_s: device_facts(device, field.rows, now_s)


def device_facts(
    device: FieldDevice, rows: Sequence[Row | None], now_s: float
) -> Facts:
    """What its newest rows say; values that are not good are left out."""
    if not device.driver.connected:
        return Facts(NO_LINK)
    seen = [(rows[poll.slot], poll) for poll in device.polls]
    known = [row for row, _ in seen if row is not None]
    if not known:
        return Facts(SILENT)
    told = [
        (o.key, o.value, o.quality_at(now_s))
        for row, poll in seen
        if row is not None
        for i, o in enumerate(poll.codec.observations(device.name, row))
        if not row.missing >> i & 1
    ]
    quality = Quality.GOOD if len(known) == len(seen) else Quality.FAILURE
    for _, _, one in told:
        quality = max(quality, one, key=list(Quality).index)
    # Blocks that are asked every cycle tell whether it answers; slow ones may be old.
    fast = [row for row, poll in seen if row and poll.every_s is None] or known
    return Facts(
        ANSWERS if all(now_s <= row.expires_s for row in fast) else SILENT,
        quality,
        now_s - min(row.time_s for row in fast),
        {key: value for key, value, one in told if one is Quality.GOOD},
    )
