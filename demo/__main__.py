# SPDX-License-Identifier: Apache-2.0
"""The command line: ``python -m demo``."""

import argparse
import shlex
import signal
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

from demo import accounts, ports
from demo.cloud import Cloud, ServiceFailed, StateError
from demo.compute.environment import Environment, NotInstalled, install_after_asking
from demo.service import Service, Stopped

DEFAULT_PORT = 8000
WATCH_EVERY_S = 0.5


class Interrupted(BaseException):
    """A signal asked us to end."""


def main() -> int:
    arguments = _parser().parse_intermixed_args()
    began = time.monotonic()

    def report(line: str) -> None:
        print(f"[{time.monotonic() - began:5.1f} s] {line}", flush=True)

    port = arguments.port or ports.first_free(DEFAULT_PORT)
    cloud = Cloud(
        arguments.state,
        port,
        stock=arguments.stock,
        reload=arguments.reload,
        compute=arguments.with_compute if arguments.verb == "up" else None,
        report=report,
    )
    verbs: dict[str, Callable[[], int]] = {
        "up": lambda: _up(cloud, arguments),
        "down": lambda: _down(cloud),
        "status": lambda: _status(cloud),
        "env": lambda: _env(cloud, arguments.user),
    }
    try:
        return verbs[arguments.verb]()
    except (StateError, NotInstalled) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except ServiceFailed as failure:
        _show_failure(failure)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demo", description="A whole small OpenStack cloud on loopback."
    )
    parser.add_argument(
        "verb",
        nargs="?",
        default="up",
        choices=("up", "down", "status", "env"),
        help="up (what happens without a verb); down: take a detached cloud down; "
        "status: what runs; env: how the openstack client logs in as a user",
    )
    parser.add_argument(
        "user", nargs="?", choices=[user.name for user in accounts.PEOPLE], help="for env"
    )
    parser.add_argument(
        "--port",
        type=int,
        metavar="N",
        help=f"the dashboard's port (the first free one from {DEFAULT_PORT})",
    )
    parser.add_argument(
        "--state",
        type=Path,
        default=Path(".demo"),
        metavar="DIR",
        help="where everything is kept (%(default)s)",
    )
    parser.add_argument("--fresh", action="store_true", help="wipe the state first")
    parser.add_argument(
        "--detach", action="store_true", help="return when all is ready and leave it running"
    )
    parser.add_argument(
        "--stock", action="store_true", help="Horizon's own images panels instead of the plugin's"
    )
    parser.add_argument(
        "--reload",
        action="store_true",
        help="serve the working tree with DEBUG: a changed file shows at the next request",
    )
    parser.add_argument(
        "--with-compute",
        action="store_true",
        help="Nova, Placement, Neutron and Cinder as well; asks before it installs anything",
    )
    parser.add_argument(
        "--yes", action="store_true", help="install what --with-compute needs without asking"
    )
    return parser


def _up(cloud: Cloud, arguments: argparse.Namespace) -> int:
    _on_signals(_interrupt)
    try:
        if arguments.with_compute:
            ask = input if sys.stdin.isatty() else None
            install_after_asking(Environment(), agreed=arguments.yes, ask=ask)
        if arguments.fresh:
            cloud.wipe()
        cloud.start()
        if arguments.detach:
            _show_ready(cloud)
            print("It runs in the background; the verb `down` ends it.")
            return 0
        try:
            _show_ready(cloud)
            print("Ctrl-C takes everything down.", flush=True)
            _watch(cloud)
        finally:
            cloud.stop()
    except (Interrupted, Stopped):
        print("\nEverything is down.", flush=True)
    return 0


def _watch(cloud: Cloud) -> NoReturn:
    """Look after the services until one dies, a signal comes, or `down` is called elsewhere."""
    while True:
        time.sleep(WATCH_EVERY_S)
        cloud.check()


def _down(cloud: Cloud) -> int:
    was_running = [service.name for service in cloud.services if service.is_running]
    cloud.stop()
    print(f"Taken down: {', '.join(was_running)}." if was_running else "Nothing was running.")
    return 0


def _status(cloud: Cloud) -> int:
    """0 when everything answers, 3 otherwise, as service managers have it."""
    healthy = True
    for service in reversed(cloud.services):
        pid, answers = service.pid, _answers(service)
        healthy &= answers
        if pid is None:
            how = "down"
        else:
            how = f"{'answers on' if answers else 'does not answer on'} {service.url} (pid {pid})"
        print(f"{service.name:10} {how}")
    print(f"{'state':10} {cloud.state.path}")
    return 0 if healthy else 3


def _answers(service: Service) -> bool:
    try:
        return service.is_running and service.answers()
    except ServiceFailed:
        return False


def _env(cloud: Cloud, user: str | None) -> int:
    if user is None:
        print("demo: env needs the name of a user", file=sys.stderr)
        return 2
    if not cloud.keystone.is_running:
        print("demo: the cloud is not running", file=sys.stderr)
        return 1
    for name, value in cloud.environment(user).items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def _show_ready(cloud: Cloud) -> None:
    rows = [("user", "password", "domain", "project", "role", "")]
    rows += [
        (user.name, user.password, user.domain, user.project, user.role, user.who)
        for user in accounts.PEOPLE
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print(f"\n  Dashboard    {cloud.horizon.url}/\n")
    for row in rows:
        print(
            "  "
            + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
    print()
    print(f"  Keystone     {cloud.keystone.auth_url}")
    print(f"  Glance       {cloud.glance.url}")
    if cloud.compute:
        for service in reversed(cloud.compute.services):
            print(f"  {service.name.capitalize():11}  {service.url}")
    print(f"  Image files  {cloud.files.url}/  (such as {cloud.files.url}/cirros-like.qcow2)")
    print(f"  Logs         {cloud.state.logs}\n", flush=True)


def _show_failure(failure: ServiceFailed) -> None:
    print(f"\ndemo: {failure}. Everything else was taken down.", file=sys.stderr)
    if failure.log_tail:
        print(f"The end of {failure.log}:\n", file=sys.stderr)
        print(textwrap.indent(failure.log_tail, "    "), file=sys.stderr)


def _on_signals(handler: Callable[[int, FrameType | None], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # From here on nothing interrupts the taking down.
    _on_signals(lambda number, frame: None)
    raise Interrupted


if __name__ == "__main__":
    sys.exit(main())
