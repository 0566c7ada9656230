# SPDX-License-Identifier: Apache-2.0
"""One service of the cloud: a process, its folder, its log and its port."""

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from demo import REPOSITORY, processes
from demo.ports import HOST
from demo.state import State

LOG_TAIL_LINES = 40
MARKER = "set-up"
_ALIVE_POLL_S = 0.05
_PROXY_VARIABLES = {"http_proxy", "https_proxy", "all_proxy"}
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ServiceFailed(Exception):
    """A service did not start, or died."""

    def __init__(self, name: str, reason: str, log_tail: str, log: Path) -> None:
        super().__init__(f"{name} {reason}")
        self.name = name
        self.reason = reason
        self.log_tail = log_tail
        self.log = log


class Stopped(Exception):
    """The service was stopped while it was being started."""


def _is_set_up(folder: Path, fingerprint: str) -> bool:
    marker = folder / MARKER
    return marker.exists() and marker.read_text() == fingerprint


def script(name: str) -> str:
    """The path of a console script of this Python environment."""
    return str(Path(sysconfig.get_path("scripts"), name))


def search_path(*folders: Path) -> str:
    """PYTHONPATH with folders ahead of what is on it."""
    inherited = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    return os.pathsep.join([*map(str, folders), *inherited])


class Service:
    """A process that runs in the background in a process group of its own.

    Another process with the same state folder sees the same service: ``pid``,
    ``is_running`` and ``stop`` go by the note that ``launch`` leaves.
    """

    health_path = "/"
    set_up_makes: Sequence[str] = ()
    """What of its folder `set_up` makes, as patterns: good for another cloud with the same
    fingerprint."""
    ready_within_s = 120.0
    stop_within_s = 6.0

    def __init__(self, state: State, name: str) -> None:
        self.state = state
        self.name = name
        self.port = 0
        self.folder = state.path / name
        self.log = state.logs / f"{name}.log"
        self._note_file = state.run / f"{name}.json"
        self._process: subprocess.Popen[bytes] | None = None
        self._step: subprocess.Popen[bytes] | None = None
        self._halt = threading.Event()
        self._log_start = 0

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    # What a kind of service says about itself.

    def configure(self) -> None:
        """Write the configuration for the ports as they are now."""
        self._halt.clear()
        self.folder.mkdir(exist_ok=True)

    def set_up(self) -> None:
        """Do what must be done before the first launch. Safe to do again."""

    def fingerprint(self) -> str:
        """Stands for all that ``set_up`` depends on: when it changes, it is done again."""
        return ""

    def command(self) -> Sequence[str]:
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        """What the process needs beside the environment it inherits."""
        return {}

    # Starting.

    def start(self) -> None:
        """Launch on the port it has and wait until it answers."""
        self._halt.clear()
        self.launch()
        self.wait()

    def prepare(self) -> None:
        """Set the service up, unless it was before and nothing has changed since."""
        fingerprint = self.fingerprint()
        if _is_set_up(self.folder, fingerprint):
            return
        (self.folder / MARKER).unlink(missing_ok=True)
        with self.state.turn(self.name, bool(self.set_up_makes)) as prepared:
            if prepared is None or not _is_set_up(prepared, fingerprint):
                self.set_up()
                if prepared is not None:
                    self._copy_set_up(self.folder, prepared)
                    (prepared / MARKER).write_text(fingerprint)
            else:
                self._copy_set_up(prepared, self.folder)
        (self.folder / MARKER).write_text(fingerprint)

    def _copy_set_up(self, source: Path, target: Path) -> None:
        for pattern in self.set_up_makes:
            for path in source.glob(pattern):
                if path.is_dir():
                    shutil.copytree(path, target / path.name, dirs_exist_ok=True)
                else:
                    shutil.copy2(path, target)

    def launch(self) -> None:
        """Start the process; ``wait`` tells when it answers."""
        self._process = self._spawn(self.command())
        pid = self._process.pid
        self._write_note({"pid": pid, "started": processes.start_time(pid), "stopping": False})

    def run(self, *command: str) -> None:
        """Run one step of the preparation to its end, its output in the log."""
        self._step = self._spawn(command)
        code = self._step.wait()
        self._step = None
        if self._halt.is_set():
            raise Stopped(self.name)
        if code:
            raise self.failure(f"could not be set up: {Path(command[0]).name} ended with {code}")

    def wait(self) -> None:
        """Return when the service answers over HTTP."""
        deadline = time.monotonic() + self.ready_within_s
        while not self.answers():
            if self._halt.is_set():
                raise Stopped(self.name)
            self.check()
            if time.monotonic() > deadline:
                raise self.failure(f"did not answer within {self.ready_within_s:.0f} s")
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether the health page is served.

        :raises ServiceFailed: it is served as an error, which waiting will not mend
        """
        try:
            with _direct.open(self.url + self.health_path, timeout=10):
                return True
        except urllib.error.HTTPError as error:
            if error.code < 400:
                return True
            raise self.failure(f"answers {self.health_path} with HTTP {error.code}") from error
        except OSError:
            return False

    def check(self) -> None:
        """Raise ServiceFailed if the process is gone, Stopped if it was told to go."""
        if self.is_running:
            return
        if self._note().get("stopping", True):
            raise Stopped(self.name)
        code = self._process.poll() if self._process else None
        how = (
            ""
            if code is None
            else f" (killed by signal {-code})"
            if code < 0
            else f" (exit code {code})"
        )
        raise self.failure(f"ended by itself{how}")

    # Looking.

    @property
    def identity(self) -> processes.Identity | None:
        """The process as the pid file tells, dead or alive."""
        note = self._note()
        return processes.Identity(note["pid"], note["started"]) if note else None

    @property
    def is_running(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        identity = self.identity
        return identity is not None and identity.is_alive()

    @property
    def pid(self) -> int | None:
        identity = self.identity
        return identity.pid if identity and self.is_running else None

    @property
    def worker_pids(self) -> list[int]:
        """The children that do the work; under gunicorn one for each worker."""
        return processes.children(self.pid) if self.pid else []

    def log_tail(self, lines: int = LOG_TAIL_LINES) -> str:
        """The end of what the log says since the last start."""
        try:
            with self.log.open("rb") as log:
                log.seek(self._log_start)
                text = log.read().decode(errors="replace")
        except FileNotFoundError:
            return ""
        return "\n".join(text.rstrip().splitlines()[-lines:])

    # Ending.

    def terminate(self) -> None:
        """Ask the process, and a step that is under way, to end; do not wait."""
        self._halt.set()
        if note := self._note():
            self._write_note({**note, "stopping": True})
        self._signal(signal.SIGTERM)

    def stop(self) -> None:
        """End the process: politely, then by force."""
        self.terminate()
        deadline = time.monotonic() + self.stop_within_s
        while self.is_running and time.monotonic() < deadline:
            time.sleep(_ALIVE_POLL_S)
        if self.is_running:
            self.kill()
        self._note_file.unlink(missing_ok=True)

    def kill(self) -> None:
        """End the process and its workers at once, as a crash would."""
        self._signal(signal.SIGKILL)
        while self.is_running:
            time.sleep(_ALIVE_POLL_S)

    def _note(self) -> dict[str, Any]:
        try:
            note: dict[str, Any] = json.loads(self._note_file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return note

    def _write_note(self, note: Mapping[str, Any]) -> None:
        draft = self._note_file.with_suffix(".new")
        draft.write_text(json.dumps(note))
        draft.replace(self._note_file)

    def _signal(self, number: signal.Signals) -> None:
        step = self._step
        if step is not None and step.poll() is None:
            os.killpg(step.pid, number)
        if self.is_running and (identity := self.identity):
            identity.signal_group(number)

    def _spawn(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        if self._halt.is_set():
            raise Stopped(self.name)
        inherited = {
            key: value for key, value in os.environ.items() if key.lower() not in _PROXY_VARIABLES
        }
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            return subprocess.Popen(
                list(command),
                cwd=self.folder,
                env={**inherited, "PYTHONUNBUFFERED": "1", **self.environment()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def failure(self, reason: str) -> ServiceFailed:
        return ServiceFailed(self.name, reason, self.log_tail(), self.log)


QUEUE_TRANSACTIONS = """\
from demo import sqlite
sqlite.queue_transactions()
sqlite.keep_connections()
"""
"""First lines of gunicorn's file for a service with an SQLite database."""

FREEZE = """\
import gc
def post_worker_init(worker):
    gc.collect()
    gc.freeze()
"""
"""More of them: spares the garbage collector the objects that stay anyway, which is a fifth of
the time of a small request."""


class GunicornService(Service):
    """A WSGI application under gunicorn: one worker with threads, as suits sqlite.

    A benchmark may want more workers, and more in `first_lines` of gunicorn's file.

    Keystone and Glance parse the arguments of their process, so gunicorn gets
    none: all it is told is in a file that ``GUNICORN_CMD_ARGS`` names.
    """

    wsgi_app: str
    workers = 1
    threads = 8
    first_lines = ""

    @property
    def _gunicorn_file(self) -> Path:
        return self.folder / "gunicorn.conf.py"

    def configure(self) -> None:
        super().configure()
        settings = {
            "wsgi_app": self.wsgi_app,
            "bind": f"{HOST}:{self.port}",
            "worker_class": "gthread",
            "workers": self.workers,
            "threads": self.threads,
            "timeout": 0,
            "graceful_timeout": 1,
            "keepalive": 5,
            "control_socket_disable": True,
            "accesslog": "-",
            "access_log_format": '%(t)s "%(r)s" %(s)s %(b)s %(M)sms',
        }
        lines = (f"{name} = {value!r}" for name, value in settings.items())
        self._gunicorn_file.write_text(self.first_lines + "\n".join(lines) + "\n")

    def command(self) -> Sequence[str]:
        return [sys.executable, script("gunicorn")]

    def environment(self) -> Mapping[str, str]:
        # Read from the folder that the process starts in, whose name needs no quoting.
        return {
            "GUNICORN_CMD_ARGS": f"-c {self._gunicorn_file.name}",
            "PYTHONPATH": search_path(REPOSITORY),
            # A tenth of the time in which a service starts: eventlet, which a library imports in
            # case somebody uses it, reads all of a library for names.
            "EVENTLET_NO_GREENDNS": "yes",
        }
