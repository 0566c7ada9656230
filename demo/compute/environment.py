# SPDX-License-Identifier: Apache-2.0
"""The Python environment of the compute cloud, and the Debian packages that it needs.

It is apart from the demo's own, which stays as small as it is without the option.
"""

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from demo import REPOSITORY

FOLDER = REPOSITORY / ".demo-compute"
REQUIREMENTS = REPOSITORY / "requirements" / "compute.txt"

#: Package to a command that it brings.
DEBIAN_PACKAGES = {"qemu-utils": "qemu-img"}

NEEDS = """\
--with-compute runs Nova, Placement, Neutron and Cinder as well, in 600 MB of memory. It needs:

  Debian packages  {packages}
  from PyPI        {requirements}, 700 MB in {folder}: {state}
"""


class NotInstalled(Exception):
    """Something is missing, and was not to be installed."""


class Environment:
    """A virtual environment with the services of ``requirements/compute.txt``."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self._marker = folder / "installed"

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def script(self, name: str) -> Path:
        return self.folder / "bin" / name

    def shipped(self, project: str, name: str) -> Path:
        """A file that a project's wheel installs beside the environment's scripts."""
        return self.folder / "etc" / project / name

    def fingerprint(self) -> str:
        """Stands for what is to be installed."""
        content = REQUIREMENTS.read_bytes() + sys.version.encode()
        return hashlib.sha256(content).hexdigest()

    @property
    def is_installed(self) -> bool:
        return self._marker.exists() and self._marker.read_text() == self.fingerprint()

    def install(self) -> None:
        """Make it anew; an interrupted one is not taken for whole."""
        shutil.rmtree(self.folder, ignore_errors=True)
        _run(sys.executable, "-m", "venv", str(self.folder))
        _run(str(self.python), "-m", "pip", "install", "--quiet", "-r", str(REQUIREMENTS))
        self._marker.write_text(self.fingerprint())


def missing_packages() -> list[str]:
    return [
        package for package, command in DEBIAN_PACKAGES.items() if shutil.which(command) is None
    ]


def install_after_asking(
    environment: Environment,
    *,
    agreed: bool,
    say: Callable[[str], None] = print,
    ask: Callable[[str], str] | None = None,
) -> None:
    """Say what the compute cloud needs, and install what is missing if the user agrees.

    :param agreed: the user has agreed beforehand
    :param ask: asks a question; None if no user is there who could answer
    :raises NotInstalled: the text has the commands
    """
    missing = missing_packages()
    if not missing and environment.is_installed:
        return
    say(
        NEEDS.format(
            packages=", ".join(
                f"{package} ({'missing' if package in missing else 'installed'})"
                for package in DEBIAN_PACKAGES
            ),
            requirements=REQUIREMENTS.relative_to(REPOSITORY),
            folder=environment.folder,
            state="installed" if environment.is_installed else "not installed yet",
        )
    )
    if not agreed:
        if ask is None:
            raise NotInstalled(f"nothing was installed; agree with --yes.{_by_hand(missing)}")
        if ask("Install what is missing? [y/N] ").strip().lower() not in ("y", "yes"):
            raise NotInstalled(f"nothing was installed.{_by_hand(missing)}")
    try:
        if missing:
            _run(*_apt_get(missing))
        if not environment.is_installed:
            say("Installing from PyPI, which takes some two minutes...")
            environment.install()
    except subprocess.CalledProcessError as error:
        command = shlex.join(map(str, error.cmd))
        raise NotInstalled(f"{command} ended with {error.returncode}") from error


def _apt_get(packages: Sequence[str]) -> list[str]:
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    return [*as_root, "apt-get", "install", "--yes", "--no-install-recommends", *packages]


def _by_hand(missing: Sequence[str]) -> str:
    return f" Packages are installed by: {shlex.join(_apt_get(missing))}" if missing else ""


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
