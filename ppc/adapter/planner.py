"""Points merged into requests: as few as the device allows, none it forbids."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from ppc.adapter.block import Block
from ppc.adapter.point import Point, Sum
from ppc.communication.driver.base import Table


class Span(Protocol):
    """Registers [first, last] of a table."""

    @property
    def table(self) -> Table: ...
    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...


class Rules(Protocol):
    """How points may be merged; see `Requests` of the profile."""

    @property
    def read_max(self) -> int: ...
    @property
    def gap_max(self) -> int: ...
    @property
    def forbidden(self) -> Sequence[Span]: ...
    @property
    def apart(self) -> Sequence[int]: ...


class _Atom:
    """Points that must be read in one frame, for one is not understood without another.

    `first` and `last` are the ends of their registers.
    """

    def __init__(self, points: Sequence[Point], sums: Sequence[Sum]) -> None:
        self.points = tuple(points)
        self.sums = tuple(sums)
        places = [place for point in points for place in point.places]
        self.first, self.last = min(places), max(places)
        self.where = _where(points[0])
        self.models = points[0].models


def _where(point: Point) -> tuple[Table, float, tuple[int, ...], int]:
    """Only points of the same table and the same poll period, and of the same model of
    SunSpec, share a request.
    """
    table = point.table or Table.HOLDING
    return table, point.every_s or 0.0, point.models, point.instance


def planned(
    points: Sequence[Point], sums: Sequence[Sum], rules: Rules
) -> tuple[Block, ...]:
    """The requests that bring all `points`, merged by `rules`.

    Raises ValueError when points that need each other cannot share a request, or when
    one lies around a forbidden register, or one where a request must begin.
    """
    blocks: list[Block] = []
    run: list[_Atom] = []
    for atom in sorted(_atoms(points, sums), key=lambda a: (*a.where, a.first, a.last)):
        if run and not _joins(run, atom, rules):
            blocks.append(_block(run))
            run = []
        _allowed(atom, rules)
        run.append(atom)
    return (*blocks, *([_block(run)] if run else []))


def _atoms(points: Sequence[Point], sums: Sequence[Sum]) -> Iterator[_Atom]:
    names = {point.label: point for point in points}
    leader = {label: label for label in names}

    def lead(label: str) -> str:
        while leader[label] != label:
            label = leader[label]
        return label

    def join(labels: Iterable[str]) -> None:
        first, *others = [lead(label) for label in labels]
        for other in others:
            leader[other] = first

    for point in points:
        join((point.label, *_known(point.label, point.needs, names)))
    for each in sums:
        join(_known(each.key, each.of, names))
    groups: dict[str, list[Point]] = {}
    for point in points:
        groups.setdefault(lead(point.label), []).append(point)
    for led, group in groups.items():
        own = [each for each in sums if lead(next(iter(each.of))) == led]
        _check(group)
        yield _Atom(group, own)


def _known(label: str, needed: Iterable[str], names: dict[str, Point]) -> Iterator[str]:
    for name in sorted(needed):
        if name not in names:
            raise ValueError(f"{label} needs {name}, which is no point")
        yield name


def _check(group: Sequence[Point]) -> None:
    """Whether one request can hold them."""
    labels = ", ".join(point.label for point in group)
    if len({_where(point) for point in group}) > 1:
        raise ValueError(f"{labels} need each other: one table, one every_s")


def _allowed(atom: _Atom, rules: Rules) -> None:
    """Whether a request of its own can bring it."""
    names = ", ".join(point.label for point in atom.points)
    if atom.last - atom.first >= rules.read_max:
        most = rules.read_max
        raise ValueError(f"{names} lie too far apart for one request of {most}")
    if _forbidden(rules, atom, atom.first - 1, atom.last + 1):
        raise ValueError(f"a forbidden register lies among those of {names}")
    side_by_side = [p for p in atom.points if p.registers is None and not atom.models]
    for point in side_by_side:
        if any(min(point.places) < e <= max(point.places) for e in rules.apart):
            raise ValueError(f"a request must begin within {point.label}")


def _joins(run: Sequence[_Atom], atom: _Atom, rules: Rules) -> bool:
    """Whether the request of `run` may go on to `atom`, the next by address."""
    first, last = run[0].first, max(each.last for each in run)
    if atom.where != run[0].where:
        return False
    if max(last, atom.last) - first >= rules.read_max:
        return False
    if atom.models:
        return True  # all of a model may be read
    if atom.first - last - 1 > rules.gap_max:
        return False
    if any(last < edge <= atom.first for edge in rules.apart):
        return False
    return not _forbidden(rules, atom, last, atom.first)


def _forbidden(rules: Rules, atom: _Atom, after: int, before: int) -> bool:
    """Whether a forbidden register lies between `after` and `before`."""
    return not atom.models and any(
        span.table is atom.where[0] and after < span.last and span.first < before
        for span in rules.forbidden
    )


def _block(run: Sequence[_Atom]) -> Block:
    first, last = run[0].first, max(each.last for each in run)
    table, every_s, models, instance = run[0].where
    return Block(
        table=table,
        address=first,
        count=last - first + 1,
        every_s=every_s or None,
        sunspec=models,
        instance=instance,
        points=tuple(point for atom in run for point in atom.points),
        sums=tuple(each for atom in run for each in atom.sums),
    )
