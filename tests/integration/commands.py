# SPDX-License-Identifier: Apache-2.0
"""Commands of Django, each in a process of its own that has the libraries of Horizon already.

To start Python and to import them takes longer than most commands run. Here one process imports
them, and forks for each command; what has to do with settings is imported after that. The tests of
`helion_images_sync` start Python, as an operator does.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

#: They read no settings when they are imported. One that a release does not have is left out.
LIBRARIES = (
    "babel.dates",
    "cinderclient.client",
    "cinderclient.v3.client",
    "django.contrib.messages",
    "django.core.management",
    "django.db.models",
    "django.forms",
    "django.template.loader",
    "django.views.generic",
    "futurist",
    "glanceclient.v2.client",
    "keystoneauth1.identity.v3",
    "keystoneauth1.session",
    "keystoneclient.v2_0.client",
    "keystoneclient.v3.client",
    "netaddr",
    "novaclient.client",
    "novaclient.v2.client",
    "openstack.connection",
    "oslo_policy.policy",
    "oslo_serialization.jsonutils",
    "oslo_utils.imageutils.format_inspector",
    "requests",
    "setuptools",
    "yaml",
)

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(list(LIBRARIES))


class Command:
    """As much of `subprocess.Popen`, with `text=True` and both outputs in pipes, as tests use."""

    def __init__(self, arguments: Sequence[str], env: Mapping[str, str], cwd: Path) -> None:
        self.args = list(arguments)
        self._folder = TemporaryDirectory()
        self._files = [Path(self._folder.name, name) for name in ("out", "err")]
        self._process = _forking.Process(
            target=_run, args=(self.args, dict(env), str(cwd), *map(str, self._files)), daemon=True
        )
        self._process.start()
        self.pid = self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """The outputs, once it has ended."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        out, err = (file.read_text() for file in self._files)
        return out, err


def run(
    arguments: Sequence[str], env: Mapping[str, str], cwd: Path, timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    """As `python -m django` with these arguments."""
    command = Command(arguments, env, cwd)
    out, err = command.communicate(timeout)
    return subprocess.CompletedProcess(command.args, command.returncode or 0, out, err)


def _run(arguments: list[str], env: dict[str, str], cwd: str, out: str, err: str) -> None:
    """Be the process of the command."""
    for number, path in ((1, out), (2, err)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    if env.get("PYTHONWARNINGS") == "ignore":
        warnings.simplefilter("ignore")
    sys.path[:0] = env.get("PYTHONPATH", "").split(os.pathsep)
    sys.argv = ["django", *arguments]
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
