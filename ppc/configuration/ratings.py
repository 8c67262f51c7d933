"""Ratings and order of the units, with what the file left out."""

from collections.abc import Mapping
from math import inf

from ppc.adapter.profile import DeviceProfile
from ppc.configuration.plant import DeviceSection, PlantConfig
from ppc.datamodel.rating import EquipmentType, UnitRating
from ppc.keys import Key


def unit_ratings(
    plant: PlantConfig, profiles: Mapping[str, DeviceProfile]
) -> dict[str, UnitRating]:
    """Rating of every device that is a unit and has an apparent power."""
    return {
        name: rating
        for name, device in plant.devices.items()
        if (profile := profiles.get(device.variant))
        and (rating := unit_rating(name, device, profile))
    }


def unit_rating(
    name: str, device: DeviceSection, profile: DeviceProfile
) -> UnitRating | None:
    """Rating of a device; None for one that is no unit, or without apparent power."""
    if not profile.type.is_unit or not device.s_max_va:
        return None
    p_max_w = device.p_max_w or device.s_max_va
    lowest_w = -p_max_w if profile.type is EquipmentType.BESS else 0.0
    return UnitRating(
        name=name,
        type=profile.type,
        s_max_va=device.s_max_va,
        p_max_w=p_max_w,
        p_min_w=lowest_w if device.p_min_w is None else device.p_min_w,
        q_max_var=(device.q_max_var or device.s_max_va) if takes_q(profile) else 0.0,
        e_max_wh=device.e_max_wh or 0.0,
        untold=_untold(profile, with_bms=device.battery is not None),
    )


def takes_q(profile: DeviceProfile) -> bool:
    """Whether a device of this model can be asked for reactive power."""
    return any(Key.Q_SET_VAR in block.keys for block in profile.commands)


def _untold(profile: DeviceProfile, *, with_bms: bool) -> frozenset[str]:
    """What must be assumed. What a battery could do is its BMS's to say."""
    told = {key for block in profile.reads for key in block.keys}
    wanted = {Key.Q_VAR}
    if not with_bms:
        wanted.add(Key.P_AVAILABLE_W)
        if profile.type is EquipmentType.BESS:
            wanted.add(Key.P_AVAILABLE_MIN_W)
    return frozenset(key.value for key in wanted - told)


def merit_order(plant: PlantConfig) -> dict[str, int]:
    """Place of every device: those with a rank, then the others as they are listed."""
    ranks = {n: inf if d.rank is None else d.rank for n, d in plant.devices.items()}
    return {name: i for i, name in enumerate(sorted(ranks, key=ranks.__getitem__))}
