"""Random registers: our format reads what the source says it should.

What the source says is told here once more, on its own and without our types.
"""

import re
import struct
from contextlib import suppress
from functools import cache
from math import isclose, isfinite, isnan

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pytest import mark

from ppc.adapter.block import Block
from ppc.adapter.block_image import BlockImage
from ppc.adapter.point import Point
from ppc.adapter.point_codec import PointCodec
from tests.expressiveness import evcc, home_assistant, sunspec
from tests.expressiveness.evcc_register import Tree, point
from tests.expressiveness.gate import Cannot, Part

pytestmark = mark.usefixtures("shared_data")

CODES = {
    "uint16": "H",
    "uint32": "I",
    "uint64": "Q",
    "int16": "h",
    "int32": "i",
    "int64": "q",
    "float32": "f",
    "float64": "d",
}
EDGES = st.sampled_from(["8000", "7fff", "ffff", "0000"])
WORDS = st.one_of(
    st.binary(min_size=8, max_size=8),
    st.builds(lambda a, b: bytes.fromhex(a + 3 * b), EDGES, EDGES),
    st.builds(lambda a, b: bytes.fromhex(3 * b + a), EDGES, EDGES),
)
WHOLE_IN_A_FLOAT = 2**53
quick = settings(max_examples=300, deadline=None)


def number(kind: str, bits: int, data: bytes, *, swapped: bool) -> float:
    """`data` as a number, its words turned round if `swapped`."""
    words = [data[i : i + 2] for i in range(0, bits // 8, 2)]
    joined = b"".join(words[::-1] if swapped else words)
    return struct.unpack(">" + CODES[f"{kind}{bits}"], joined)[0]


def same(ours: float | str, theirs: float | str | None) -> bool:
    if isinstance(ours, str) or isinstance(theirs, str):
        return ours == theirs
    if theirs is None or not isfinite(theirs):
        return not isfinite(ours)
    return isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12)


def told(codec: PointCodec, data: bytes) -> float | str:
    raw = codec.raw(data)
    return raw if isinstance(raw, str) else codec.value(raw, {})


def again(codec: PointCodec, data: bytes, value: float, exponent: int = 0) -> bytes:
    registers = bytearray(len(data))
    codec.put(registers, codec.raw_for(value, exponent))
    return bytes(registers)


def of_point(said: dict) -> PointCodec:
    said = {key: value for key, value in said.items() if key != "repeat"}
    return PointCodec(Point(**{**said, "name": "x", "address": 0}), 0)


# evcc


@cache
def registers(*, written: bool) -> dict[tuple[str, float], Tree]:
    """One register of each form and scale."""
    found = {}
    leaves = (leaf for _, _, tree in evcc.meanings() for leaf in tree.leaves())
    for leaf in leaves:
        if leaf["source"] != "modbus":
            continue
        text = str(leaf["register"].get("decode") or leaf["register"].get("encoding"))
        factor = leaf.get("scale", 1)
        known = re.match("(u?int|float)", text) and isinstance(factor, int | float)
        if known and leaf.writes == written:
            found.setdefault((text, float(factor)), leaf)
    return found


def of_evcc(text: str, factor: float, data: bytes) -> float | None:
    """What evcc reads. It makes 0 of a float that is no number; that is none to us."""
    kind, bits = re.match(r"(u?int|float)(\d+)", text).groups()
    raw = number(
        kind,
        int(bits),
        data,
        swapped=text.removesuffix("nan")[-1] == "s" or text.endswith("nans"),
    )
    if "nan" in text and kind != "float":
        size = 2 ** int(bits)
        if raw in ((size - 1,) if kind == "uint" else (size // 2 - 1, -size // 2)):
            return None
    return raw * factor


def test_all_forms_of_evcc_are_met():
    forms = {text for text, _ in registers(written=False)}
    assert forms >= {"uint16", "int32s", "int32nan", "uint64nan", "float32s"}
    assert len(registers(written=False)) > 60
    assert len(registers(written=True)) > 10


@quick
@given(st.data(), WORDS)
def test_evcc_is_read(data, words):
    text, factor = data.draw(st.sampled_from(sorted(registers(written=False))))
    said = point(registers(written=False)[text, factor], "x")
    assert same(told(of_point(said), words), of_evcc(text, factor, words))


@quick
@given(st.data(), WORDS)
def test_evcc_is_written(data, words):
    text, factor = data.draw(st.sampled_from(sorted(registers(written=True))))
    codec = of_point(point(registers(written=True)[text, factor], "x"))
    value = told(codec, words)
    assume(isfinite(value) and 0 < abs(value * factor) < WHOLE_IN_A_FLOAT)
    size = 2 * codec.point.size
    assert same(value * factor, of_evcc(text, 1.0, words))
    assert again(codec, words[:size], value) == words[:size]


@cache
def sums() -> list[tuple[str, Tree, Block]]:
    """Sums of registers, as one request of ours."""
    found = []
    for file, name, tree in evcc.meanings():
        with suppress(Cannot, ValueError):
            part = evcc.part(name, tree)
            if "sums" in part:
                (block,) = Part(part).blocks
                found.append((f"{file}:{tree.line}", tree, block))
    return found


@quick
@given(st.data(), st.binary(min_size=250, max_size=250))
def test_sums_of_evcc(data, payload):
    name, tree, block = sums()[data.draw(st.integers(0, len(sums()) - 1))]
    image = BlockImage(block, "big")
    (ours,), bad = image.signals(payload[: 2 * block.count])
    theirs = constants(tree)
    for leaf in tree.leaves():
        at = 2 * (int(str(leaf["register"]["address"]), 0) - block.address)
        text = leaf["register"].get("decode") or leaf["register"].get("encoding")
        value = of_evcc(text, float(leaf.get("scale", 1)), payload[at : at + 8])
        theirs = None if value is None or theirs is None else theirs + value
    assert bool(bad) == (theirs is None or not isfinite(theirs)), name
    assert bad or isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-6)


def places(tree: object) -> set[object]:
    """All addresses in the data of a part."""
    found: set[object] = set()
    if isinstance(tree, dict):
        found |= {tree["address"]} if "address" in tree else set()
    if isinstance(tree, dict | list):
        for each in tree.values() if isinstance(tree, dict) else tree:
            found |= places(each)
    return found


def constants(tree: Tree) -> float:
    own = float(tree["value"]) if tree.get("source") == "const" else 0.0
    return own + sum(constants(each) for each in tree.below())


def test_no_write_of_a_template_is_lost_on_the_way():
    for file, name, tree in evcc.meanings():
        with suppress(Cannot):
            there = places(evcc.part(name, tree)) if tree.sets else set()
            lost = [
                leaf.line
                for leaf in tree.leaves()
                if leaf.writes and not places(point(leaf, "x")) <= there
            ]
            assert not (tree.sets and lost), f"{file}:{lost}"


# SunSpec


@cache
def blocks() -> list[tuple[int, tuple[sunspec.Place, ...], Block]]:
    found = []
    for number, places in sunspec.models().items():
        near = [p for p in places if p.span[1] - p.span[0] <= 125]
        made = sunspec.blocks(number, near)
        found += [(number, places, Block(**block)) for block in made]
    return found


def test_places_in_models():
    at = {
        (number, place.path): place.offset
        for number, places in sunspec.models().items()
        for place in places
    }
    assert at[103, "W"] == 12
    assert at[160, "module.2.DCW"] == 39
    assert at[1, "SN"] == 48


def of_sunspec(fact: dict, data: bytes, exponent: int | None) -> float | str | None:
    kind = fact["type"]
    if kind == "string":
        return data.split(b"\0")[0].decode("utf-8", "replace").strip()
    if kind == "ipaddr":
        return ".".join(map(str, data))
    if kind in ("ipv6addr", "eui48"):
        return data.hex()
    bits = 8 * len(data)
    form = re.match("(u?int|float|sunssf)?", kind)[0] or "uint"
    raw = number(form.replace("sunssf", "int"), bits, data, swapped=False)
    none = {"int": -(2 ** (bits - 1)), "sunssf": -(2**15), "uint": 2**bits - 1}
    if raw == (0 if kind.startswith("acc") else none.get(form)) and kind != "pad":
        return None
    if isinstance(fact.get("sf"), int):
        exponent = fact["sf"]
    elif "sf" in fact and (exponent is None or not -10 <= exponent <= 10):
        return None
    return raw * 10.0 ** (exponent or 0) if "sf" in fact else raw


@quick
@given(st.data(), st.binary(min_size=250, max_size=250))
def test_sunspec_is_read_and_written(data, payload):
    _, places, block = blocks()[data.draw(st.integers(0, len(blocks()) - 1))]
    exponents = data.draw(
        st.lists(st.sampled_from([*range(-4, 5), 99, -32768]), min_size=9)
    )
    registers = bytearray(payload[: 2 * block.count])
    inside = {sunspec.label(p): p for p in places}
    factors = [p for p in block.points if inside[p.name].fact["type"] == "sunssf"]
    for i, factor in enumerate(factors):
        at = 2 * (factor.address - block.address)
        struct.pack_into(">h", registers, at, exponents[i % len(exponents)])
    image = BlockImage(block, "big")
    values, raws = image.values(bytes(registers)), image.raws(bytes(registers))
    for codec in image.points:
        said, at = codec.point, 2 * (codec.point.address - block.address)
        fact, own = inside[said.name].fact, bytes(registers[at : at + 2 * said.size])
        exponent = raws.get(said.scale_from)
        theirs = of_sunspec(fact, own, exponent)
        assert same(values[said.name], theirs), said
        whole = isinstance(theirs, str) or theirs is None or isnan(theirs)
        if said.writable and not whole and abs(raws[said.name]) < WHOLE_IN_A_FLOAT:
            written = bytearray(registers)
            codec.put(written, codec.raw_for(theirs, exponent or 0))
            assert written == registers


# Home Assistant


@cache
def sensors() -> list[dict]:
    return home_assistant.read()["modbus"][0]["sensors"]


@quick
@given(st.data(), st.binary(min_size=30, max_size=30), WORDS)
def test_home_assistant_is_read(data, text, words):
    entity = sensors()[data.draw(st.integers(0, len(sensors()) - 1))]
    ours = told(of_point(home_assistant.point(entity)), words + text)
    if entity["data_type"] == "string":
        own = (words + text)[: 2 * entity["count"]]
        assert ours == own.split(b"\0")[0].decode("utf-8", "replace").strip()
        return
    kind, bits = re.match(r"(\D+)(\d+)", entity["data_type"]).groups()
    raw = number(kind, int(bits), words, swapped=entity.get("swap") == "word")
    theirs = raw * entity.get("scale", 1) + entity.get("offset", 0)
    assert same(ours, None if raw == entity.get("nan_value") else theirs)
