"""The report: one HTML file with everything in it."""

from collections import Counter
from collections.abc import Sequence
from importlib import resources

from jinja2 import Environment, StrictUndefined

from ppc.bench.card import Card
from ppc.bench.trying import Verdict


def render(cards: Sequence[Card], *, subject: str, when: str, took_s: float) -> str:
    """The page. It needs nothing from elsewhere.

    Args:
        cards: All cases, in the order they are to be shown.
        subject: What was put to the test.
        when: Date and time, as text.
        took_s: How long the whole bench took.
    """
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = resources.files("ppc.bench").joinpath("report.html").read_text("utf-8")
    return environment.from_string(template).render(
        cards=cards,
        counts=counts(cards),
        verdicts=list(Verdict),
        sources=sources(cards),
        subject=subject,
        when=when,
        took_s=took_s,
        simulated_s=sum(card.simulated_s for card in cards),
    )


def counts(cards: Sequence[Card]) -> Counter[Verdict]:
    """How many cases have each verdict."""
    return Counter(card.verdict for card in cards)


def sources(cards: Sequence[Card]) -> dict[str, Counter[Verdict]]:
    """The same for each document."""
    found: dict[str, Counter[Verdict]] = {}
    for card in cards:
        found.setdefault(card.document, Counter())[card.verdict] += 1
    return found
