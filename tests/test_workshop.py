"""`manage.py test`: what it asks of pytest, what it gives back, and what it says of a machine that lacks a program."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from slipcover.slipcover import add_summaries

from tests import workshop
from tests.machine import CHROMIUM, PROGRAMS


@pytest.fixture
def ran(monkeypatch):
    """The modules that were run with their arguments; pytest ends with code 5, and a program is missing."""
    calls = []
    monkeypatch.setenv("TMPDIR", "/tmp")
    monkeypatch.setattr(workshop, "_python", lambda *command: calls.append(command) or 5)
    monkeypatch.setattr(workshop, "_has_chromium", lambda: True)
    monkeypatch.setattr(workshop, "can_install", lambda: False)
    monkeypatch.setattr(workshop, "found", lambda program: None if program == "oathtool" else f"/usr/bin/{program}")
    return calls


def test_arguments_go_to_pytest_and_its_exit_code_comes_back(ran):
    assert workshop.test(["tests/core", "-k", "invites"]) == 5
    assert ran == [("pytest", "tests/core", "-k", "invites")]


def test_without_arguments_it_is_the_whole_suite_measured(ran):
    workshop.test([])
    (module, *command), report = ran
    assert module == report[0] == "slipcover"
    assert command[-len(workshop.WHOLE_SUITE) - 2 :] == ["-m", "pytest", *workshop.WHOLE_SUITE]


@pytest.mark.parametrize(("reached", "outcome"), [(95, 0), (94, 2)])
def test_fewer_lines_reached_than_the_floor_fail_though_every_test_passes(ran, monkeypatch, capfd, reached, outcome):
    def measured(module, *arguments):
        if "pytest" not in arguments:
            return subprocess.run([sys.executable, "-m", module, *arguments], check=False).returncode
        lines = list(range(1, 101))
        figures = {"files": {"core/essai.py": {"executed_lines": lines[:reached], "missing_lines": lines[reached:]}}}
        add_summaries(figures)
        Path(arguments[arguments.index("--out") + 1]).write_text(json.dumps(figures))
        return 0

    monkeypatch.setattr(workshop, "_python", measured)
    assert workshop.test([]) == outcome
    assert "core/essai.py" in capfd.readouterr().out


def test_a_program_that_is_missing_is_named_at_the_end(ran, monkeypatch, capsys):
    monkeypatch.setattr(workshop, "_python", lambda *command: sys.stdout.write("pytest a fini\n") and 0)
    assert workshop.test(["tests/core"]) == 0
    assert capsys.readouterr().out == "pytest a fini\nNon exécuté\u00a0: oathtool absent de cette machine.\n"


def test_where_it_may_it_installs_the_packages_of_all_that_is_missing(ran, monkeypatch):
    installed = []
    monkeypatch.setattr(workshop, "can_install", lambda: True)
    monkeypatch.setattr(workshop, "found", lambda _program: None)
    monkeypatch.setattr(workshop, "_install_from_debian", installed.extend)
    workshop.test([])
    assert installed == list(PROGRAMS.values())


def test_without_chromium_it_takes_playwright_s_own(ran, monkeypatch, capsys):
    monkeypatch.setattr(workshop, "_has_chromium", lambda: False)
    monkeypatch.setattr(workshop, "found", lambda program: None if program == CHROMIUM else f"/usr/bin/{program}")
    workshop.test([])
    assert ran[0] == ("playwright", "install", "chromium")
    assert "Non exécuté" not in capsys.readouterr().out
