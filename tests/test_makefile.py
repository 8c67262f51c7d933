"""What a newcomer types first, on a machine that may lack everything."""

import os
import shutil
import subprocess
from pathlib import Path

from pytest import fixture, mark

ROOT = Path(__file__).parents[1]
TOOLS = ("bash", "chmod", "dirname", "env", "mkdir", "rm", "sed", "touch")


@fixture
def clone(tmp_path):
    """The files `make` needs, in a folder with a space in its name."""
    clone = tmp_path / "a clone"
    shutil.copytree(ROOT / "scripts", clone / "scripts")
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy2(ROOT / name, clone)
    return clone


@fixture
def path(tmp_path):
    """A machine with a few tools and nothing else."""
    path = tmp_path / "bin"
    path.mkdir()
    for tool in TOOLS:
        (path / tool).symlink_to(shutil.which(tool))
    return path


def script(path, name, text):
    (path / name).write_text(f"#!{shutil.which('bash')}\n{text}\n")
    (path / name).chmod(0o755)


def make(*arguments, cwd=ROOT, path=None):
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL")}
    return subprocess.run(
        [shutil.which("make"), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=env | ({"PATH": str(path)} if path else {}),
    )


@mark.parametrize("target", ["run", "install", "test", "help"])
def test_make_finds_its_folder_from_anywhere(clone, tmp_path, target):
    for arguments in (("-C", clone), ("-f", clone / "Makefile")):
        done = make("-n", "--no-print-directory", *arguments, target, cwd=tmp_path)
        assert done.returncode == 0
        assert f'cd "{clone}" && ' in done.stdout


def test_help_tells_every_target(clone):
    told = make("help", cwd=clone).stdout
    assert [line.split()[1] for line in told.splitlines()] == [
        *("run", "install", "test", "help")
    ]


def test_a_machine_without_a_python_is_told_so_in_a_sentence(clone, path):
    script(path, "python3", "exit 1")  # too old, or a stub that leads nowhere
    done = make("run", cwd=clone, path=path)
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stderr
    assert not (clone / ".venv").exists()


@mark.parametrize(
    ("module", "sentence"), [("venv", "The venv module"), ("ensurepip", "pip for")]
)
def test_a_python_without_a_module_is_told_which(clone, path, module, sentence):
    script(path, "python3", f'case "$*" in *"import {module}"*) exit 1;; esac')
    done = make("install", cwd=clone, path=path)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "python3-venv" in done.stderr


@fixture
def asked(clone, path):
    """What pip was asked for, in a machine whose Python only pretends to install."""
    inner = '#!/usr/bin/env bash\\ncase "$*" in *pip*) echo "$*" >> asked;; esac\\n'
    script(
        path,
        "python3",
        'case "$*" in *"-m venv"*) mkdir -p .venv/bin\n'
        f"printf '{inner}' > .venv/bin/python; chmod +x .venv/bin/python;; esac",
    )
    asked = clone / "asked"
    asked.touch()
    return asked


def test_what_is_installed_is_not_installed_again(clone, path, asked):
    for _ in range(2):
        assert make("install", cwd=clone, path=path).returncode == 0
    (once,) = asked.read_text().splitlines()
    assert "-c constraints.txt -e ." in once


@mark.parametrize("changed", ["pyproject.toml", "constraints.txt"])
def test_what_has_changed_is_installed_again(clone, path, asked, changed):
    make("install", cwd=clone, path=path)
    installed_s = (clone / ".venv" / ".installed-run").stat().st_mtime
    os.utime(clone / changed, (installed_s + 1, installed_s + 1))
    make("install", cwd=clone, path=path)
    assert len(asked.read_text().splitlines()) == 2


def test_a_failed_installation_is_not_taken_for_a_good_one(clone, path, asked):
    asked.unlink()
    asked.mkdir()  # nothing can be written to it: pip fails
    done = make("install", cwd=clone, path=path)
    assert done.returncode != 0
    assert "could not be installed" in done.stderr
    assert not (clone / ".venv" / ".installed-run").exists()
