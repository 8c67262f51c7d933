from pathlib import Path

from pytest import fixture, mark

from ppc.configuration.profile_check import ProfileCheck

PROFILES = Path(__file__).parents[2] / "config" / "profiles"


@mark.parametrize("path", sorted(PROFILES.glob("*.yaml")), ids=lambda p: p.stem)
def test_a_shipped_profile_has_no_fault(path):
    assert ProfileCheck(path).errors == ()


@fixture
def looked_at(tmp_path):
    """The check of a shipped meter with some of its text changed."""

    def look(old, new, name="siemens_sentron_pac"):
        text = (PROFILES / f"{name}.yaml").read_text()
        assert old in text
        path = tmp_path / f"{name}.yaml"
        path.write_text(text.replace(old, new))
        return ProfileCheck(path)

    return look


def lines(findings):
    return [(finding.path, finding.line is not None) for finding in findings]


def test_every_fault_is_told_at_its_line(looked_at):
    found = looked_at("type: f32", "type: f33")
    assert found.profile is None
    assert len(found.errors) == 12
    assert all(at and path.endswith(".type") for path, at in lines(found.errors))


def test_what_is_no_yaml_is_told(looked_at):
    (error,) = looked_at("maker: Siemens", "maker: [").errors
    assert "is not YAML" in error.reason


def test_what_cannot_be_read_is_told(tmp_path):
    (error,) = ProfileCheck(tmp_path / "none.yaml").errors
    assert "cannot be read" in error.reason


def test_what_can_never_be_valid_is_a_fault(looked_at):
    found = looked_at("type: u16, scale: 0.1, valid: [40, 70]",
                      "type: u16, scale: 1.0e-4, valid: [40, 70]",
                      "carlo_gavazzi_em340")  # fmt: skip
    (error,) = found.errors
    assert (error.path, error.line) == ("points.9.valid", 30)


def test_a_doubt_is_a_warning(looked_at):
    found = looked_at("maker: Siemens\n", "")
    assert found.errors == ()
    assert "no maker is named" in [warning.reason for warning in found.warnings]


def test_a_fault_of_one_variant_is_told_with_it(looked_at):
    found = looked_at(
        "  - {name: pf,",
        "  - {name: new, address: 900, type: f99, when: {model: [A, B]}}\n"
        "  - {name: pf,",
    )
    (error,) = found.errors
    assert found.profile is not None
    assert error.path == "points.13.type"
    assert "(model A)" in error.reason
