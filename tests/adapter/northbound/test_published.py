import csv
from pathlib import Path

from pytest import mark

from ppc.adapter.northbound.published import Published, gaps
from ppc.adapter.northbound.register_map import NorthboundMap
from ppc.adapter.register_type import RegisterType

ROOT = Path(__file__).parents[3]
MAP = NorthboundMap.load(ROOT / "config" / "northbound" / "scada.yaml")
RELEASED = sorted((Path(__file__).parent / "released").glob("*.csv"))


@mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_no_register_of_a_released_map_has_moved_or_changed(path):
    stands = {
        (r.name, str(r.address), r.type.value, f"{r.scale:g}", r.access)
        for r in MAP.published()
    }
    with path.open(encoding="utf-8") as file:
        released = {tuple(row.values()) for row in csv.DictReader(file)}
    assert not released - stands
    assert int(path.stem) <= MAP.version


def test_registers_are_told_by_address():
    told = MAP.published()
    assert [r.address for r in told] == sorted(r.address for r in told)
    assert next(r for r in told if r.name == "time_s").size == 4


def test_gaps_are_what_lies_between():
    shown = [
        Published(name, at, RegisterType.U16, size, "", "")
        for name, at, size in (("b", 5, 2), ("a", 0, 2), ("c", 7, 1), ("d", 10, 1))
    ]
    assert list(gaps(shown)) == [(2, 5), (8, 10)]
