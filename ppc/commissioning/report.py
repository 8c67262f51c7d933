"""What a tool found, as a page for the file of the plant: Markdown or HTML."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

_STYLE = (
    "body{font:15px sans-serif;max-width:70em;margin:2em auto}"
    "table{border-collapse:collapse;margin:1em 0}"
    "td,th{border:1px solid #bbb;padding:.2em .6em;text-align:left}"
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, sentences, and a table; any of them may be empty."""

    title: str
    sentences: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def write(path: Path, title: str, sections: Sequence[Section]) -> None:
    """HTML where the name ends with it, else Markdown. Raises OSError."""
    html = path.suffix.lower() in {".html", ".htm"}
    lines = _html(title, sections) if html else _markdown(title, sections)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _markdown(title: str, sections: Sequence[Section]) -> Iterator[str]:
    yield f"# {title}"
    for section in sections:
        yield f"\n## {section.title}\n"
        for sentence in section.sentences:
            yield f"- {sentence}"
        if section.rows:
            yield ""
            yield _row(section.head)
            yield _row(["---"] * len(section.head))
            yield from (_row(row) for row in section.rows)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _html(title: str, sections: Sequence[Section]) -> Iterator[str]:
    yield "<!doctype html>"
    yield f'<meta charset="utf-8"><title>{escape(title)}</title>'
    yield f"<style>{_STYLE}</style>"
    yield f"<h1>{escape(title)}</h1>"
    for section in sections:
        yield f"<h2>{escape(section.title)}</h2>"
        if section.sentences:
            said = "".join(f"<li>{escape(text)}</li>" for text in section.sentences)
            yield f"<ul>{said}</ul>"
        if section.rows:
            yield "<table>"
            yield _cells("th", section.head)
            yield from (_cells("td", row) for row in section.rows)
            yield "</table>"


def _cells(tag: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(c)}</{tag}>" for c in cells) + "</tr>"
