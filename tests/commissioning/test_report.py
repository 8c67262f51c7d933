from ppc.commissioning.report import Section, write

SECTIONS = [
    Section("Devices", ("all <well>",), ("a", "b"), (("1|2", "x<y"),)),
    Section("Signs"),
]


def test_markdown_and_html(tmp_path):
    write(tmp_path / "r.md", "Plant", SECTIONS)
    text = (tmp_path / "r.md").read_text()
    assert text.startswith("# Plant\n\n## Devices\n\n- all <well>\n\n| a | b |\n")
    assert "| 1\\|2 | x<y |" in text
    write(tmp_path / "r.html", "Plant & Co", SECTIONS)
    page = (tmp_path / "r.html").read_text()
    assert "<h1>Plant &amp; Co</h1>" in page
    assert "<td>x&lt;y</td>" in page
    assert "all &lt;well&gt;" in page
