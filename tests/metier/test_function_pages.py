"""docs/functions says what the code says."""

from pytest import mark

from scripts.function_pages import FOLDER, pages

PAGES = pages()


@mark.parametrize("name", PAGES)
def test_every_page_is_up_to_date(name: str):
    path = FOLDER / name
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    assert written == PAGES[name], "renew it with: python scripts/function_pages.py"


def test_there_is_no_page_of_a_function_that_is_gone():
    assert {path.name for path in FOLDER.glob("*.md")} == set(PAGES)


@mark.parametrize("name", PAGES)
def test_every_transition_says_when(name: str):
    assert "| None |" not in PAGES[name]
