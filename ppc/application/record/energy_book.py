"""Energy counters of all units and of the connection point."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ppc.adapter.plant_view import PlantView
from ppc.adapter.reader import Slots
from ppc.application.record.door import Row, Rows
from ppc.application.record.energy import Energy, Reading
from ppc.application.record.look import Place, place
from ppc.keys import Key

POI = "poi"

PlaceOf = Callable[[PlantView], Place | None]


class _Account(NamedTuple):
    name: str
    p_at: PlaceOf
    possible_at: Place | None
    energy: Energy


class EnergyBook:
    """Takes every fresh reading of power, once; goes on from the counters of before."""

    def __init__(
        self,
        meters: Sequence[Slots],
        units: Mapping[str, tuple[Slots, bool]],
        kept: Mapping[str, Row],
    ) -> None:
        """`meters`: the one of the connection point, and a second if there is one.

        `units`: where they tell their values, and whether what they could give tells of
        curtailment. `kept`: the last counters written, by device.
        """
        self._accounts = [_account(POI, _poi_place(meters), None, kept.get(POI))]
        for name, (slots, curtailed) in units.items():
            where = place(slots, Key.P_W)
            possible = place(slots, Key.P_AVAILABLE_W) if curtailed else None
            found = _account(name, _always(where), possible, kept.get(name))
            self._accounts.append(found)

    def take(self, view: PlantView, wall_s: float) -> Rows:
        """Count this cycle's readings; events of what could not be counted."""
        rows, now_s = view.rows, view.obs.time_s
        events: Rows = []
        for name, p_at, possible_at, energy in self._accounts:
            where = p_at(view)
            if where is None:
                continue
            row = where.row(rows, now_s)
            last = energy.last
            if row is None or (last is not None and row.time_s <= last.time_s):
                continue
            possible_w = None
            if possible_at is not None:
                told = possible_at.row(rows, now_s)
                possible_w = None if told is None else told.values[possible_at.at]
            p_w = row.values[where.at]
            reading = Reading(row.time_s, row.expires_s, p_w, possible_w)
            if gap_s := energy.take(reading):
                events.append(_gap(name, gap_s, wall_s))
        return events

    def rows(self, wall_s: float) -> Rows:
        """All counters as they stand."""
        return [
            {
                "ts": wall_s,
                "device": name,
                "e_export_wh": energy.export_wh,
                "e_import_wh": energy.import_wh,
                "e_possible_wh": energy.possible_wh,
            }
            for name, _, _, energy in self._accounts
        ]


def _account(
    name: str, p_at: PlaceOf, possible: Place | None, kept: Row | None
) -> _Account:
    told = kept or {}
    possible_wh = told.get("e_possible_wh")
    if possible is not None and possible_wh is None:
        possible_wh = 0.0
    energy = Energy(
        told.get("e_export_wh") or 0.0,
        told.get("e_import_wh") or 0.0,
        possible_wh if possible is not None else None,
    )
    return _Account(name, p_at, possible, energy)


def _always(where: Place | None) -> PlaceOf:
    return lambda _: where


def _poi_place(meters: Sequence[Slots]) -> PlaceOf:
    """Where P at the connection point stands that is believed now."""
    places = [place(slots, Key.P_W) for slots in meters]

    def where(view: PlantView) -> Place | None:
        if view.obs.poi.p_w is None:
            return None
        return places[-1 if "p_w" in view.decision.measurement.spare else 0]

    return where


def _gap(name: str, gap_s: float, wall_s: float) -> Row:
    return {
        "ts": wall_s,
        "severity": "warning",
        "source": name,
        "text": f"energy: {gap_s:.1f} s without a measurement are not counted",
    }
