"""Cards, pictures and the page they stand on."""

import re
from html.parser import HTMLParser

import numpy as np
from pytest import fixture

from ppc.bench.card import card
from ppc.bench.library import entries
from ppc.bench.picture import Area, Line, picture
from ppc.bench.report import counts, render, sources
from ppc.bench.running import run_all
from ppc.bench.trying import Verdict, attempt
from tests.bench.folder import LIBRARY, expecting, write_cases


@fixture(name="cards", scope="module")
def _cards(tmp_path_factory):
    folder = write_cases(
        tmp_path_factory.mktemp("cases"),
        good={"title": "A & B <good>"},
        bad={"expect": expecting(0.3)},
        missing={"needs": ["tea"]},
    )
    found = entries(folder, library=LIBRARY)
    return sorted(run_all(found, folder, LIBRARY, jobs=2), key=lambda c: c.name)


@fixture(name="page", scope="module")
def _page(cards):
    return render(cards, subject="ppc", when="2026-11-21 05:00", took_s=3.0)


def test_parallel_runs_give_every_card_once(cards):
    assert [(c.name, c.verdict) for c in cards] == [
        ("bad", Verdict.FAIL),
        ("good", Verdict.PASS),
        ("missing", Verdict.NOT_BUILT),
    ]
    assert counts(cards)[Verdict.PASS] == 1
    assert sources(cards)["this test"][Verdict.NOT_BUILT] == 1


def test_a_card_is_the_same_from_another_process_and_from_this_one(tmp_path):
    write_cases(tmp_path, case={})
    (entry,) = entries(tmp_path, library=LIBRARY)
    (there,) = run_all([entry, entry][:1], tmp_path, LIBRARY, jobs=1)
    here = card(attempt(entry, tmp_path, LIBRARY))
    assert there.rows == here.rows
    assert there.pictures == here.pictures


def test_the_page_needs_nothing_from_elsewhere(page):
    assert not re.search(r"(src|href)\s*=|https?://|@import|url\(", page)


def test_the_page_says_everything(page, cards):
    for one in cards:
        assert one.name in page
    assert "A &amp; B &lt;good&gt;" in page
    assert "static error: 0.1 pu (at most 0.005)" in page
    assert "needs tea" in page
    assert page.count("<svg") == sum(len(c.pictures) for c in cards) > 0


def test_the_page_is_well_formed(page):
    class Parser(HTMLParser):
        open_tags: list[str] = []  # noqa: RUF012

        def handle_starttag(self, tag, attrs):  # noqa: ARG002
            if tag not in {"meta", "input", "path", "polyline", "polygon"}:
                self.open_tags.append(tag)

        def handle_endtag(self, tag):
            if tag not in {"path", "polyline", "polygon"}:
                assert self.open_tags.pop() == tag

    parser = Parser()
    parser.feed(page)
    assert parser.open_tags == []


def test_a_picture_of_many_samples_keeps_its_peaks():
    time_s = np.linspace(0.0, 1000.0, 50_001)
    y = np.where(np.abs(time_s - 500.0) < 0.01, 1.0, 0.0)
    svg = picture("P", time_s, [Line("p", y, "truth")], [], 0.1)
    heights = {float(h) for h in re.findall(r",([\d.]+)", svg)}
    assert len(svg) < 20_000
    assert max(heights) - min(heights) > 100  # the one sample is there


def test_gaps_and_open_bands_are_drawn_as_such():
    time_s = np.linspace(0.0, 10.0, 101)
    y = np.where((time_s > 4.0) & (time_s < 6.0), np.nan, 1.0)
    band = Area("allowed", np.where(time_s > 5.0, 0.5, np.nan), np.full(101, np.inf))
    svg = picture("P", time_s, [Line("p", y, "truth")], [band], 0.1)
    assert svg.count("<polyline") == 2
    assert svg.count("<polygon") == 1
    assert "nan" not in svg
    assert "inf" not in svg


def test_a_day_is_told_in_hours():
    time_s = np.arange(0.0, 86400.0, 60.0)
    svg = picture("P", time_s, [Line("p", np.sin(time_s), "truth")], [], 0.1)
    assert ">20 h<" in svg
    assert " s<" not in svg


def test_a_flat_course_is_drawn_too():
    time_s = np.linspace(0.0, 10.0, 11)
    for level in (0.0, 50.0):
        flat = np.full(11, level)
        svg = picture("f", time_s, [Line("f", flat, "truth")], [], 0.0)
        assert re.findall(r'class="truth" points="([^"]*)"', svg) == [
            "58.0,94.0 752.0,94.0"
        ]


def test_what_is_left_out_of_a_course_cannot_be_seen():
    time_s = np.linspace(0.0, 100.0, 601)
    y = np.sin(time_s / 7.0) + (time_s > 50.0)
    svg = picture("P", time_s, [Line("p", y, "truth")], [], 0.1)
    (points,) = re.findall(r'class="truth" points="([^"]*)"', svg)
    x, drawn = np.array([p.split(",") for p in points.split()], float).T
    assert len(x) < 200
    exact = np.interp(x, np.linspace(x[0], x[-1], 601), y)
    scale, offset = np.polyfit(exact, drawn, 1)
    seen = np.interp(np.linspace(x[0], x[-1], 601), x, drawn)
    beside_the_jump = np.abs(time_s - 50.0) > 0.5
    assert np.abs(seen - (scale * y + offset))[beside_the_jump].max() < 0.4
