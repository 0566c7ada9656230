# SPDX-License-Identifier: Apache-2.0
"""The demo cloud's command: up, status, env, down, and up again with its images."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from oslo_db.sqlalchemy import enginefacade
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from demo import sqlite
from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.panels import PROJECT
from tests.thorough import only_thorough

pytestmark = pytest.mark.with_frame

Demo = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "demo", *arguments, "--state", str(tmp_path / "demo")]
        # A file, since a pipe would be held open by the services left running.
        with (tmp_path / "output").open("w+") as output:
            ended = subprocess.run(
                command, stdout=output, stderr=subprocess.STDOUT, timeout=300, check=False
            )
            output.seek(0)
            return subprocess.CompletedProcess(command, ended.returncode, output.read())

    yield run
    run("down")


def images_of(state: Path) -> dict[str, tuple[str, str]]:
    glance = Cloud(state).glance_client("admin")
    found = glance.images.list(filters={"visibility": "all"})
    return {image.id: (image.status, image.updated_at) for image in found}


@only_thorough
def test_verbs(demo: Demo, tmp_path: Path) -> None:
    state = tmp_path / "demo"
    started = demo("up", "--detach")
    assert started.returncode == 0, started.stdout
    for told in ("Dashboard", "acme-admin", "gina", "secret"):
        assert told in started.stdout
    first = images_of(state)
    assert len(first) > 15

    assert demo("status").returncode == 0
    exports = demo("env", "alice").stdout
    for told in ("export OS_AUTH_URL=", "OS_USERNAME=alice", "OS_PROJECT_NAME=acme-web"):
        assert told in exports

    assert demo("down").returncode == 0
    assert demo("status").returncode != 0

    # The other way that it serves the dashboard needs no cloud of its own here.
    again = demo("up", "--detach", "--reload")
    assert again.returncode == 0, again.stdout
    cloud = Cloud(state)
    alice = cloud.user("alice")
    dashboard = Dashboard(cloud.horizon.url).log_in(alice, cloud.project_id(alice.project))
    page = dashboard.get(PROJECT.index)
    assert '/static/helion_images_panel/js/base/namespace.js"' in page.html
    assert images_of(state) == first
    assert {path.name for path in (state / "logs").iterdir()} >= {
        f"{service}.log" for service in ("keystone", "glance", "horizon", "files")
    }


def test_failed_service_is_named(demo: Demo, tmp_path: Path) -> None:
    """Something else has the dashboard's port."""
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import socket, sys; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); "
            "print(s.getsockname()[1], flush=True); sys.stdin.read()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        port = holder.stdout.readline().strip()  # type: ignore[union-attr]
        ended = demo("up", "--detach", "--port", port)
        assert ended.returncode != 0
        assert port in ended.stdout
        holder.stdin.close()  # type: ignore[union-attr]


@pytest.fixture
def queued() -> Iterator[None]:
    """Transactions of this process as those of the demo's services."""
    sqlite.queue_transactions()
    yield
    event.remove(Engine, "begin", sqlite._begin_nothing)
    event.remove(Engine, "before_cursor_execute", sqlite._lock_to_write)


def test_transactions_that_read_first(queued: None, tmp_path: Path) -> None:
    """A reader that never ends holds up no writer; a writer that has read may be overtaken."""
    file = tmp_path / "some.db"
    sqlite.use_write_ahead_log(file)
    database = enginefacade.transaction_context()
    database.configure(connection=sqlite.url(file))
    engine = database.writer.get_engine()
    count, add = text("SELECT count(*) FROM rows"), text("INSERT INTO rows VALUES (1)")
    with engine.begin() as first:
        first.execute(text("CREATE TABLE rows (number INTEGER)"))
    with engine.connect() as forgotten, engine.connect() as late, engine.connect() as early:
        for connection in (forgotten, late, early):
            assert connection.scalar(count) == 0
        early.execute(add)
        early.commit()
        late.execute(add)
        late.rollback()
        late.execute(add)
        late.commit()
    with engine.connect() as after:
        assert after.scalar(count) == 2


def names(cloud: Cloud) -> list[str]:
    return [service.name for service in cloud.services]


def test_a_demo_without_the_option_runs_what_it_ran(tmp_path: Path) -> None:
    light = names(Cloud(tmp_path))
    assert light == ["horizon", "glance", "keystone", "files"]
    whole = names(Cloud(tmp_path, compute=True))
    assert set(whole) - set(light) == {"nova", "cinder", "neutron", "placement"}


def test_down_and_status_are_of_what_the_last_run_had(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, compute=True)
    cloud.state.create()
    cloud.state.note(ports={name: 4000 + n for n, name in enumerate(names(cloud))})
    assert names(Cloud(tmp_path, compute=None)) == names(cloud)
    cloud.state.note(ports={"horizon": 4000})
    assert names(Cloud(tmp_path, compute=None)) == names(Cloud(tmp_path))
