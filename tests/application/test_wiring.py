"""A converter and the management of its cells, on simulated time, registers and all."""

from pytest import approx, fixture, mark

from ppc.adapter.plant_view import in_service
from ppc.bench.stand import Stand
from ppc.configuration.loading import load
from tests.rig import write_plant

CHARGE_PU = -0.015
"""Of 10 MW: what one converter of 250 kW can take with the load beside it."""
LIFE_S = 3.0
"""The state of charge is asked for every second."""


def two_devices(plant):
    """The demonstration plant, its batteries one PCS with a BMS beside it."""
    devices = plant["devices"]
    at, beside = (devices.pop(f"bess{i}")["connection"] for i in (2, 3))
    devices["bess1"] = {
        "profile": "sinexcel_pcs",
        "connection": at,
        "battery": "bms1",
        "s_max_va": 2.5e5,
        "p_max_w": 2.5e5,
        "e_max_wh": 5e5,
    }
    devices["bms1"] = {"profile": "sunspec_battery", "connection": beside}
    plant["simulation"]["units"] = {"bess1": {"soc_pu": 0.6}}
    plant["simulation"]["meter"] = {
        "accuracy_pu": 0.0,
        "v_accuracy_pu": 0.0,
        "noise_pu": 0.0,
    }


def on_one_wire(plant):
    two_devices(plant)
    devices = plant["devices"]
    devices["bms1"] |= {"connection": devices["bess1"]["connection"], "station": 2}


def started(folder, change):
    stand = Stand(load(write_plant(folder / "plant", change)))
    stand.set("order.p_set_pu", CHARGE_PU)
    stand.run(20.0)
    return stand


@fixture(name="stand")
def _stand(tmp_path):
    return started(tmp_path, two_devices)


def unit(stand):
    return stand.subject.view.obs.bess["bess1"]


def asked_w(stand):
    view = stand.subject.view
    (command,) = (c for c in view.decision.commands if c.device == "bess1")
    return command.p_set_w


@mark.parametrize("change", [two_devices, on_one_wire])
def test_the_converter_works_with_what_its_bms_tells(tmp_path, change):
    stand = started(tmp_path, change)
    assert unit(stand).soc_pu == approx(0.6, abs=0.01)
    assert asked_w(stand) < -1e4
    assert stand.traces().columns["bess1.p_w"][-1] == approx(asked_w(stand), abs=500)
    assert stand.traces().columns["p_pu"][-1] == approx(CHARGE_PU, abs=1e-3)
    assert in_service(stand.subject.view) >= {"bess1"}


def test_a_silent_bms_takes_the_converter_out_of_service(stand):
    stand.set("silent.bms1", 1)
    stand.run(20.0 + LIFE_S + 2.0)
    assert unit(stand).soc_pu is None
    assert unit(stand).p_w is not None
    assert "bess1" not in in_service(stand.subject.view)
    assert asked_w(stand) == 0.0
    stand.run(30.0)
    assert stand.traces().columns["bess1.p_w"][-1] == approx(0.0, abs=500)
    stand.set("silent.bms1", 0)
    stand.run(50.0)
    assert "bess1" in in_service(stand.subject.view)
    assert stand.traces().columns["p_pu"][-1] == approx(CHARGE_PU, abs=1e-3)
