"""A controller that is asked: real sockets, in a folder of the record."""

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from pytest import fixture, raises

from ppc.application.reception import NAME, NotRunning, Reception, ask, by_question


@fixture
def reception(tmp_path):
    reception = Reception(tmp_path, lambda: {"p_w": 1.5, "units": ["b1", None]})
    reception.start()
    yield reception
    reception.stop()


def test_who_asks_is_answered_as_often_as_asked(reception, tmp_path):
    assert reception is not None
    for _ in range(3):
        assert ask(tmp_path) == {"p_w": 1.5, "units": ["b1", None]}


def test_it_is_one_line_of_json_for_anybody(reception, tmp_path):
    assert reception is not None
    with socket.socket(socket.AF_UNIX) as link, link.makefile() as said:
        link.connect(str(tmp_path / NAME))
        line = said.readline()
        assert said.read() == ""
    assert line.endswith("\n")
    assert json.loads(line)["p_w"] == 1.5
    assert (tmp_path / NAME).stat().st_mode & 0o666 == 0o666


def test_nobody_answers_where_no_controller_runs(tmp_path):
    with raises(NotRunning):
        ask(tmp_path)
    reception = Reception(tmp_path, dict)
    reception.start()
    reception.stop()
    assert not (tmp_path / NAME).exists()
    with raises(NotRunning):
        ask(tmp_path)


def test_what_a_killed_one_left_behind_is_no_answer_and_no_obstacle(tmp_path):
    script = (
        "import os, sys, pathlib\n"
        "from ppc.application.reception import Reception\n"
        "Reception(pathlib.Path(sys.argv[1]), dict).start()\n"
        "os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", script, tmp_path], check=False)
    assert (tmp_path / NAME).exists()
    with raises(NotRunning):
        ask(tmp_path)
    reception = Reception(tmp_path, lambda: {"now": 2})
    reception.start()
    assert ask(tmp_path) == {"now": 2}
    reception.stop()


def test_an_error_is_logged_and_the_next_is_answered(tmp_path, caplog):
    answers = iter([{"odd": {1, 2}}, {"fine": True}])
    reception = Reception(tmp_path, lambda: next(answers))
    reception.start()
    with raises(NotRunning):
        ask(tmp_path)
    assert ask(tmp_path) == {"fine": True}
    reception.stop()
    assert "got no answer" in caplog.text


def test_one_who_does_not_read_keeps_the_others_waiting_for_a_while_only(tmp_path):
    reception = Reception(tmp_path, lambda: {"long": "x" * 5_000_000})
    reception.start()
    with socket.socket(socket.AF_UNIX) as idle:
        idle.connect(str(tmp_path / NAME))
        assert len(ask(tmp_path)["long"]) == 5_000_000
    reception.stop()
    assert not any(t.name == "reception" for t in threading.enumerate())


def test_a_folder_with_too_long_a_name_is_no_reason_not_to_run(tmp_path, caplog):
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    reception = Reception(folder, dict)
    reception.start()
    reception.stop()
    assert "nobody can ask" in caplog.text
    with raises(NotRunning):
        ask(Path(folder))


def test_a_question_is_answered_and_the_kernel_says_who_asks(tmp_path):
    asked = []

    def reply(question, uid):
        asked.append((question, uid))
        return {"said": question["ask"]}

    reception = Reception(tmp_path, lambda: {"nothing": "asked"}, reply)
    reception.start()
    assert ask(tmp_path, {"ask": "x", "uid": 12345}) == {"said": "x"}
    assert ask(tmp_path) == {"nothing": "asked"}
    with socket.socket(socket.AF_UNIX) as link, link.makefile() as said:
        link.connect(str(tmp_path / NAME))
        link.sendall(b"[no, JSON\n")
        assert "no JSON object" in said.readline()
    reception.stop()
    assert asked == [({"ask": "x", "uid": 12345}, os.getuid())]


def test_each_kind_of_question_has_one_who_knows():
    reply = by_question(
        {"a": lambda _, uid: {"a": uid}}, otherwise=lambda question, _: question
    )
    assert reply({"ask": "a"}, 3) == {"a": 3}
    assert reply({"ask": ["b"]}, 3) == {"ask": ["b"]}
