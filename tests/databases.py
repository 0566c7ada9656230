# SPDX-License-Identifier: Apache-2.0
"""Database servers for the Glance of a test run: they sort, and compare texts, in their own ways.

SQLite compares texts by their characters. MariaDB takes letters with and without an
accent for equal, small and capital ones too, and leaves out blanks at an end. PostgreSQL
puts images without a value behind all others.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

#: Debian keeps PostgreSQL's programs, of each release, outside of PATH.
_FOLDERS = (*map(str, Path("/usr/lib/postgresql").glob("*/bin")), "/usr/sbin", "/usr/bin")

READY_WITHIN_S = 60.0


@contextmanager
def running(name: str) -> Iterator[str]:
    """A new server on a socket of its own, as the URL of its empty database for SQLAlchemy.

    :param name: one of SERVERS
    """
    folder = Path(tempfile.mkdtemp(prefix="db-"))
    try:
        with SERVERS[name](folder) as url:
            yield url
    finally:
        shutil.rmtree(folder)


@contextmanager
def _mariadb(folder: Path) -> Iterator[str]:
    data, socket = folder / "data", folder / "socket"
    user = f"--user={getpass.getuser()}"
    setup = ("--no-defaults", f"--datadir={data}", user, "--auth-root-authentication-method=normal")
    _run(_program("mariadb-install-db"), *setup)
    server = ("--no-defaults", f"--datadir={data}", user, f"--socket={socket}", "--skip-networking")
    client = (_program("mariadb"), "--no-defaults", f"--socket={socket}", "--user=root")
    with _served((_program("mariadbd"), *server), (*client, "--execute=CREATE DATABASE glance")):
        yield f"mysql+pymysql://root@localhost/glance?unix_socket={socket}&charset=utf8mb4"


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    # PostgreSQL does not run as root.
    owner = "postgres" if os.geteuid() == 0 else None
    if owner:
        shutil.chown(folder, owner)
    data = folder / "data"
    # A locale as most installations have it: capital and small letters side by side.
    locale = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
    _run(_program("initdb"), f"--pgdata={data}", "--username=glance", *locale, user=owner)
    server = (_program("postgres"), "-D", str(data), "-k", str(folder), "-c", "listen_addresses=")
    client = (_program("psql"), f"--host={folder}", "--username=glance", "postgres")
    with _served(server, (*client, "--command=CREATE DATABASE glance"), user=owner):
        yield f"postgresql+psycopg2://glance@/glance?host={folder}"


SERVERS = {"mariadb": _mariadb, "postgresql": _postgresql}


@contextmanager
def _served(
    server: Sequence[str], make_database: Sequence[str], user: str | None = None
) -> Iterator[None]:
    process = subprocess.Popen(
        server, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user
    )
    try:
        deadline = time.monotonic() + READY_WITHIN_S
        while (made := subprocess.run(make_database, capture_output=True, text=True)).returncode:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{server[0]} is not ready: {made.stderr}")
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait()


def _run(*command: str, user: str | None = None) -> None:
    made = subprocess.run(command, capture_output=True, text=True, user=user)
    if made.returncode:
        raise RuntimeError(f"{command[0]} ended with {made.returncode}: {made.stderr}")


def _program(name: str) -> str:
    found = shutil.which(name, path=os.pathsep.join((*_FOLDERS, os.environ.get("PATH", ""))))
    if not found:
        raise RuntimeError(f"{name} is missing: install the packages mariadb-server and postgresql")
    return found
