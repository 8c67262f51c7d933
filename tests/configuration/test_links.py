"""What profiles ask of connections."""

from ppc.application.wiring import over_the_wire
from ppc.configuration.advice import advice
from ppc.configuration.links import link_defaults, with_defaults
from ppc.configuration.loading import load
from ppc.configuration.plant import ConnectionSection


def ask(plant, profile, timing):
    path = plant.parent / "profiles" / f"{profile}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\ntiming: {timing}\n", encoding="utf-8")


def share(plant, *ports):
    """bess1 stands at the first port, with station 2 or more."""
    text = plant.read_text(encoding="utf-8")
    for station, port in enumerate(ports, 2):
        text = text.replace(f"port: {port}}}", f"port: 5021}}\n    station: {station}")
    plant.write_text(text, encoding="utf-8")


def defaults(plant):
    configuration = load(plant)
    by_key = link_defaults(configuration.plant, configuration.profiles)
    return {
        name: by_key[device.connection.key]
        for name, device in configuration.plant.devices.items()
    }


def test_the_strictest_of_those_who_share_a_connection_counts(plant):
    ask(plant, "demo_pcs", "{timeout_s: 1.0, request_gap_s: 0.02}")
    ask(plant, "demo_pv_inverter", "{timeout_s: 2.0, busy_delay_s: 0.1}")
    share(plant, 5031)
    told = defaults(plant)
    assert told["poi"] == {}
    assert told["bess2"] == {"timeout_s": 1.0, "request_gap_s": 0.02}
    assert told["pv1"] == told["bess1"]
    assert told["bess1"] == {
        "timeout_s": 2.0,
        "request_gap_s": 0.02,
        "busy_delay_s": 0.2,  # the driver's own: demo_pcs asks nothing
    }


def test_the_plant_goes_before_the_profile():
    section = ConnectionSection.model_validate({"host": "x", "timeout_s": 0.5})
    settings = with_defaults(section, {"timeout_s": 2.0, "connect_delay_s": 1.0})
    assert settings == {"host": "x", "timeout_s": 0.5, "connect_delay_s": 1.0}


def test_what_a_driver_does_not_know_is_not_asked_of_it():
    section = ConnectionSection.model_validate({"host": "x"})
    assert with_defaults(section, {"warmth_k": 300.0}) == {"host": "x"}


async def test_a_driver_is_made_with_what_profiles_ask():
    section = ConnectionSection.model_validate({"host": "127.0.0.1", "port": 5020})
    driver = over_the_wire(section, {"timeout_s": 2.0})
    assert driver._settings.timeout_s == 2.0


def test_more_connections_than_a_device_serves_are_told(plant):
    ask(plant, "demo_pcs", "{connections_max: 1}")
    share(plant, 5022)
    assert not [said for said in advice(load(plant)) if "connections" in said]
    text = plant.read_text(encoding="utf-8")
    other = "port: 5021, timeout_s: 0.4}\n    station: 2"
    text = text.replace("port: 5021}\n    station: 2", other)
    plant.write_text(text, encoding="utf-8")
    said = [line for line in advice(load(plant)) if "connections" in line]
    assert len(said) == 1
    assert said[0].startswith("bess1 serves 1 connections at a time and is given 2")
