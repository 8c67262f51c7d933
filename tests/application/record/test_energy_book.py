"""Energy of the whole plant, over restarts."""

from dataclasses import replace
from itertools import pairwise
from random import Random

from pytest import approx

from ppc.application.record.energy_book import EnergyBook
from ppc.datamodel.command import Measurement
from ppc.datamodel.observation import Poi
from tests.application.record.recorded import BESS, PV, recorded
from tests.database.files import ask


def newest(plant):
    return {row["device"]: row for row in plant.rows("energy")}


def true_wh(views, of):
    """By trapezoids of what control saw: times of cycles, not of readings."""
    seen = [(view.obs.time_s, of(view)) for view in views]
    return sum(
        (q + p) / 2 * (b - a) / 3600.0
        for (a, p), (b, q) in pairwise(seen)
        if p is not None and q is not None
    )


def test_every_unit_and_the_connection_point_are_counted(tmp_path):
    with recorded(tmp_path) as plant:
        plant.stand.set("order.p_set_w", 3e6)
        plant.stand.run(20.0)
    energy = newest(plant)
    assert set(energy) == {"poi", *BESS, *PV}
    poi_wh = true_wh(plant.views, lambda view: view.obs.poi.p_w)
    assert energy["poi"]["e_export_wh"] == approx(poi_wh, rel=0.005)
    charged_wh = -true_wh(plant.views, lambda view: view.obs.bess["bess1"].p_w)
    assert energy["bess1"]["e_import_wh"] == approx(charged_wh, rel=0.01)
    assert energy["bess1"]["e_export_wh"] == approx(0.0, abs=1.0)
    assert energy["bess1"]["e_possible_wh"] is None


def test_pv_tells_what_was_curtailed(tmp_path):
    with recorded(tmp_path) as plant:
        plant.stand.set("order.p_set_w", -6e6)
        plant.stand.run(30.0)
    row = newest(plant)["pv1"]
    could_wh = true_wh(plant.views, lambda view: view.obs.pv["pv1"].p_available_w)
    assert row["e_possible_wh"] == approx(could_wh, rel=0.005)
    gave_wh = true_wh(plant.views, lambda view: view.obs.pv["pv1"].p_w)
    assert row["e_export_wh"] == approx(gave_wh, rel=0.01)


def test_a_gap_is_an_event_and_adds_nothing(tmp_path):
    with recorded(tmp_path) as plant:
        stand = plant.stand
        stand.run(2.0)
        stand.set("plug.pv1", 0)
        stand.run(6.0)
        stand.set("plug.pv1", 1)
        stand.run(10.0)
    (told,) = plant.rows("events", "source = 'pv1' AND text LIKE 'energy%'")
    assert told["text"].startswith("energy: 4.")
    believed_wh = true_wh(plant.views, lambda view: view.obs.pv["pv1"].p_w)
    held_wh = 0.35 * 1.5e6 / 3600.0  # the last value is believed for a while
    counted_wh = newest(plant)["pv1"]["e_export_wh"]
    assert believed_wh - held_wh < counted_wh < believed_wh


def test_at_the_connection_point_the_meter_counts_that_is_believed(tmp_path):
    """A battery plays the second meter."""
    with recorded(tmp_path) as plant:
        plant.stand.set("order.p_set_w", -3e6)
        plant.stand.run(5.0)
        meters = [plant.field.meter.slots, plant.field.units[0].slots]
    believed, unknown, second = (EnergyBook(meters, {}, {}) for _ in range(3))
    for view in plant.views:
        believed.take(view, 0.0)
        unknown.take(view._replace(obs=replace(view.obs, poi=Poi())), 0.0)
        spare = replace(view.decision, measurement=Measurement(spare=("p_w",)))
        second.take(view._replace(decision=spare), 0.0)
    poi_wh, none_wh, bess_wh = (
        book.rows(0.0)[0]["e_import_wh"] for book in (believed, unknown, second)
    )
    assert none_wh == 0.0
    of_poi_wh = -true_wh(plant.views, lambda view: min(view.obs.poi.p_w, 0.0))
    assert poi_wh == approx(of_poi_wh, rel=0.02)
    charged_wh = -true_wh(plant.views, lambda view: view.obs.bess["bess1"].p_w)
    assert bess_wh == approx(charged_wh, rel=0.02)


def test_restarts_at_any_moment_lose_less_than_a_sample(tmp_path):
    """One plant runs through; its like is stopped again and again, in order or not."""
    pick = Random(4)  # noqa: S311
    with recorded(tmp_path / "through") as whole:
        whole.stand.run(18.0)
    counted = newest(whole)["pv1"]["e_export_wh"]
    with recorded(tmp_path / "again") as plant:
        until_s = 0.0
        for turn in range(4):
            until_s += pick.uniform(2.0, 4.5)
            plant.stand.run(until_s)
            plant.restart(in_order=bool(turn % 2))
        plant.stand.run(18.0)
    kept = newest(plant)["pv1"]["e_export_wh"]
    sample_wh = counted / 18.0
    assert -4 * 0.75 * sample_wh <= kept - counted <= 0.0
    for device in (*BESS, *PV, "poi"):
        readings = plant.rows("energy", f"device = '{device}'")
        for name in ("e_export_wh", "e_import_wh"):
            shown_wh = [row[name] for row in readings]
            assert shown_wh == sorted(shown_wh), f"{device} {name} went back"
    counters = ask(plant.db_dir / "current.db", "SELECT device FROM counters")
    assert {name for (name,) in counters} == {"poi", *BESS, *PV}
