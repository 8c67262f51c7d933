from ppc.configuration.loading import load
from ppc.configuration.ratings import merit_order


def test_devices_with_a_rank_go_before_the_others_as_they_are_listed(plant):
    text = plant.read_text(encoding="utf-8")
    text = text.replace("{host: 127.0.0.1, port: 5034}", "&x\n    rank: 1")
    text = text.replace("    s_max_va: 2.2e+6", "    rank: 7\n    s_max_va: 2.2e+6")
    text = text.replace(
        "connection: &x", "connection: {host: 127.0.0.1, port: 5034}"
    ).replace("port: 5022}", "port: 5022}\n    rank: 3")
    plant.write_text(text, encoding="utf-8")
    order = merit_order(load(plant).plant)
    assert sorted(order, key=order.__getitem__) == [
        *("pv4", "bess2", "bess1", "bess3"),
        *("poi", "pv1", "pv2", "pv3"),
    ]
