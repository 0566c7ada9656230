# SPDX-License-Identifier: Apache-2.0
"""The command `helion-images-panel` with a real Horizon, Glance and nginx."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from demo import ports
from demo.cloud import Cloud
from demo.glance import release
from demo.horizon import Horizon
from helion_images_panel.core import probe
from helion_images_panel.installation import check_web
from helion_images_panel.installation.finding import NOTE, OK, PROBLEM
from helion_images_panel.installation.public_address import PublicAddress
from tests.converting import CONVERTING, SCHEMA
from tests.integration import nginx
from tests.integration.client import Dashboard
from tests.integration.panels import PROJECT
from tests.integration.reconfigured import reconfigured
from tests.thorough import only_thorough

Levels = dict[str, str]

#: Of Horizon's own policy files, without those of `enable --policy`.
POLICY: Levels = {"policy": OK} if release("horizon") >= 27 else {"policy-readers": PROBLEM}

SERVERS = {
    "streaming": "client_max_body_size 0; proxy_request_buffering off;",
    "buffering": "client_max_body_size 0;",
    "default": "",
    "limit": "client_max_body_size 8m; proxy_request_buffering off;",
    "path": "client_max_body_size 0; proxy_request_buffering off; rewrite ^/cloud(/.*) $1 break;",
}


def run(horizon: Horizon, *arguments: str, **environment: str) -> tuple[int, str]:
    """The command in Horizon's environment: its exit code and its output."""
    without_login = {name: v for name, v in os.environ.items() if not name.startswith("OS_")}
    ran = subprocess.run(
        [sys.executable, "-m", "helion_images_panel", *arguments],
        cwd=horizon.folder,
        env={**without_login, **horizon.environment(), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode in (0, 1), ran.stderr
    assert "Traceback" not in ran.stderr
    assert "A check failed" not in ran.stdout
    return ran.returncode, ran.stdout


def checked(horizon: Horizon, *arguments: str, **environment: str) -> tuple[int, Levels]:
    code, out = run(horizon, "check", "--json", *arguments, **environment)
    return code, {each["id"]: each["level"] for each in json.loads(out)["findings"]}


class Local(Horizon):
    """A stock dashboard that reads a folder as its `local/enabled`."""

    def __init__(self, cloud: Cloud, local: Path, **settings: Any) -> None:
        super().__init__(
            cloud.state,
            cloud.keystone,
            stock=True,
            name="horizon-local",
            settings={
                "STATIC_ROOT": str(cloud.horizon.folder / "static"),
                "ANGULAR_FEATURES": {"images_panel": False},
                **settings,
            },
        )
        self.local = local

    def configure(self) -> None:
        super().configure()
        file = self.folder / "local" / "local_settings.py"
        with file.open("a") as text:
            text.write(f"_enabled.__path__.append({str(self.local / 'enabled')!r})\n")


@pytest.fixture
def local(cloud: Cloud, tmp_path: Path) -> Iterator[Local]:
    horizon = Local(
        cloud,
        tmp_path / "local",
        CACHES={
            "default": {
                "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
                "LOCATION": str(tmp_path / "cache"),
            },
            "sessions": {
                "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
                "LOCATION": str(tmp_path / "sessions"),
            },
        },
    )
    horizon.port = ports.assign({"horizon": None})["horizon"]
    horizon.configure()
    yield horizon
    horizon.stop()


def test_enable_check_disable(cloud: Cloud, local: Local) -> None:
    """The panels are there, the check finds nothing wrong, and the stock panels are back."""

    def panel() -> str:
        local.start()
        alice = Dashboard(local.url).log_in(cloud.user("alice"))
        return alice.get(PROJECT.index).html

    refused = {**cloud.environment("demo"), "OS_PASSWORD": "wrong-password"}
    code, out = run(local, "check", **refused)
    assert code == 1
    assert "Horizon has no file _1050" in out
    assert "Glance was not checked, since the login failed" in out
    assert "wrong-password" not in out

    code, out = run(local, "enable", "--into", str(local.local))
    assert (code, "collectstatic" in out) == (0, True)
    assert "data-hip-page" in panel()
    code, found = checked(local, "--url", local.url)
    assert code == (0 if POLICY == {"policy": OK} else 1), found
    assert POLICY.items() <= found.items()
    assert {found[id_] for id_ in ("enabled", "static", "settings", "cache")} == {OK}
    assert {found["web-buffering"], found["web-limit"]} == {OK}
    local.stop()

    code, out = run(local, "disable", "--into", str(local.local))
    assert code == 0
    assert "data-hip-page" not in panel()
    # This dashboard has no address for the check.
    (finding,) = check_web.check(PublicAddress(local.url), 1)
    assert (finding.id, finding.level) == ("web-panel", PROBLEM)


# The web server.


@pytest.fixture(scope="module")
def web(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("nginx")
    with nginx.running(folder, cloud.horizon.url, SERVERS) as urls:
        yield {**urls, "gunicorn": cloud.horizon.url, "path": urls["path"] + "/cloud/"}


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ("gunicorn", {"web-buffering": OK, "web-limit": OK}),
        ("streaming", {"web-buffering": OK, "web-limit": OK}),
        ("path", {"web-buffering": OK, "web-limit": OK}),
        ("limit", {"web-buffering": OK, "web-limit": PROBLEM}),
        ("buffering", {"web-buffering": PROBLEM, "web-limit": OK}),
        ("default", {"web-limit": PROBLEM}),
    ],
)
def test_the_web_server(
    web: dict[str, str], server: str, expected: Levels, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A server that buffers sends no response in this time.
    monkeypatch.setattr(check_web, "REFUSES_WITHIN_S", 2.0)
    found = {each.id: each.level for each in check_web.check(PublicAddress(web[server]), 1024)}
    assert found == expected


def test_a_dashboard_with_another_key(
    cloud: Cloud, web: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_settings, "SECRET_KEY", "of another dashboard")
    (finding,) = check_web.check(PublicAddress(web["streaming"]), 1)
    assert (finding.id, finding.level) == ("web-secret-key", PROBLEM)


def test_an_address_without_a_server() -> None:
    port = ports.assign({"none": None})["none"]
    (finding,) = check_web.check(PublicAddress(f"http://127.0.0.1:{port}"), 1)
    assert (finding.id, finding.level) == ("web-address", PROBLEM)


@pytest.mark.parametrize("who", ["anonymous", "alice"])
def test_the_address_of_the_check_is_for_the_check_only(
    person: Callable[[str], Dashboard], who: str
) -> None:
    """With or without a login: nothing is read, and no session begins."""
    dashboard = person(who)
    before = dict(dashboard.session.cookies)
    path = PROJECT.index + probe.PATH
    for method in ("GET", "POST", "PUT", "DELETE"):
        page = dashboard.request(method, path, data=b"x" * 1000)
        assert page.status == 403
        assert page.response.json() == {"probe": probe.NAME}
    assert dict(dashboard.session.cookies) == before


# Glance.


def test_a_glance_of_which_all_is_usable(cloud: Cloud) -> None:
    code, found = checked(
        cloud.horizon,
        "--glance-config",
        str(cloud.glance.folder / "glance-api.conf"),
        **cloud.environment("demo"),
    )
    assert {found[id_] for id_ in ("glance-imports", "glance-required", "glance-plugins")} == {OK}
    # The demo's dashboard has one process, which the check cannot know.
    assert (code, found.pop("settings-W001")) == (1, PROBLEM)
    assert POLICY.items() <= found.items()
    assert PROBLEM not in (found[id_] for id_ in found.keys() - POLICY.keys())


@only_thorough
def test_a_glance_that_does_less(cloud: Cloud, web: dict[str, str]) -> None:
    more = CONVERTING + "[DEFAULT]\nenabled_import_methods = [glance-direct]\n"
    direct = {
        "HORIZON_IMAGES_UPLOAD_MODE": "direct",
        "STATIC_ROOT": str(cloud.horizon.folder / "static"),
    }
    horizon = Horizon(cloud.state, cloud.keystone, settings=direct, name="horizon-direct")
    horizon.configure()
    login = cloud.environment("demo")
    allowed = cloud.horizon.url
    with reconfigured(cloud, more_config=more, image_schema=SCHEMA, cors_origins=(allowed,)):
        arguments = ("--glance-config", str(cloud.glance.folder), "--url")
        _code, found = checked(horizon, *arguments, web["limit"], **login)
        assert found["glance-imports"] == NOTE
        assert found["glance-required"] == NOTE
        assert found["glance-plugins"] == NOTE
        assert found["glance-cors"] == PROBLEM
        _code, out = run(horizon, "check", *arguments, allowed, **login)
        assert f"accepts direct uploads from pages of {allowed}" in out
        assert "department" in out
