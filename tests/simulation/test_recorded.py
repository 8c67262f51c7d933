from pytest import approx, mark, raises

from ppc.simulation.recorded import recorded


@mark.parametrize("text", ["0,50\n1,50.1\n", "t;f\n# a note\n0;50\n1;50.1\n\n"])
def test_seconds_and_hertz_are_read(tmp_path, text):
    path = tmp_path / "f.csv"
    path.write_text(text)
    course = recorded(str(path))
    assert course.at(0.5) == approx(50.05)


@mark.parametrize("text", ["", "0,50\n", "0\n1\n", "0,50\n0,51\n", "0,fifty\n1,2\n"])
def test_what_is_no_course_is_told_with_its_file(tmp_path, text):
    path = tmp_path / "f.csv"
    path.write_text(text)
    with raises(ValueError, match=r"f\.csv"):
        recorded(str(path))


def test_no_file_is_no_course_and_a_missing_one_is_told(tmp_path):
    assert recorded(None) is None
    with raises(ValueError, match="No such file"):
        recorded(str(tmp_path / "no.csv"))
