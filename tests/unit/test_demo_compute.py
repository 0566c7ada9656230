# SPDX-License-Identifier: Apache-2.0
"""What the demo says and asks before it installs the services of a compute cloud."""

from __future__ import annotations

import subprocess

import pytest

from demo.compute import environment as module
from demo.compute.environment import Environment, NotInstalled, install_after_asking


@pytest.fixture
def commands(monkeypatch):
    """The commands that were to be run; none is."""
    found = []

    def run(command, check):
        assert check
        found.append([str(part) for part in command])
        if command[1:3] == ["-m", "venv"]:
            module.Path(command[3]).mkdir(parents=True)

    monkeypatch.setattr(module.subprocess, "run", lambda command, check: run(list(command), check))
    return found


@pytest.fixture
def environment(tmp_path):
    return Environment(tmp_path / "compute")


@pytest.fixture
def missing(monkeypatch):
    monkeypatch.setattr(module.shutil, "which", lambda name: None)
    monkeypatch.setattr(module.os, "geteuid", lambda: 1000)


@pytest.fixture
def present(monkeypatch):
    monkeypatch.setattr(module.shutil, "which", lambda name: f"/usr/bin/{name}")


APT = "sudo apt-get install --yes --no-install-recommends qemu-utils"


def never(_question):
    raise AssertionError("it asked")


@pytest.mark.usefixtures("missing")
def test_it_says_what_it_needs_and_installs_it_after_a_yes(environment, commands):
    said, asked = [], []
    install_after_asking(
        environment, agreed=False, say=said.append, ask=lambda text: asked.append(text) or "y"
    )
    assert "qemu-utils (missing)" in said[0]
    assert "requirements/compute.txt" in said[0]
    assert str(environment.folder) in said[0]
    assert "not installed yet" in said[0]
    assert len(asked) == 1
    assert " ".join(commands[0]) == APT
    assert commands[1][1:] == ["-m", "venv", str(environment.folder)]
    assert commands[2][0] == str(environment.python)
    assert commands[2][-1] == str(module.REQUIREMENTS)
    assert environment.is_installed


@pytest.mark.usefixtures("missing")
@pytest.mark.parametrize("ask", [None, lambda _text: "", lambda _text: "n"])
def test_nothing_is_installed_without_a_yes(environment, commands, ask):
    with pytest.raises(NotInstalled, match=f"nothing was installed.*{APT}"):
        install_after_asking(environment, agreed=False, say=lambda _text: None, ask=ask)
    assert commands == []
    assert not environment.is_installed


@pytest.mark.usefixtures("present")
def test_only_what_is_missing_is_installed(environment, commands):
    said = []
    install_after_asking(environment, agreed=True, say=said.append, ask=never)
    assert "qemu-utils (installed)" in said[0]
    assert not any("apt-get" in command for command in commands)
    commands.clear()
    install_after_asking(environment, agreed=False, say=never, ask=never)
    assert commands == []


@pytest.mark.usefixtures("present")
def test_other_requirements_are_installed_anew(environment, commands, monkeypatch, tmp_path):
    install_after_asking(environment, agreed=True, say=lambda _text: None)
    changed = tmp_path / "compute.txt"
    changed.write_text("nova\n")
    monkeypatch.setattr(module, "REQUIREMENTS", changed)
    monkeypatch.setattr(module, "REPOSITORY", tmp_path)
    assert not environment.is_installed


@pytest.mark.usefixtures("present")
def test_an_installation_that_fails_is_reported_and_not_taken_for_whole(environment, monkeypatch):
    def fail(command, check):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(module.subprocess, "run", fail)
    with pytest.raises(NotInstalled, match=r"venv .* ended with 1"):
        install_after_asking(environment, agreed=True, say=lambda _text: None)
    assert not environment.is_installed
