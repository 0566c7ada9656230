# SPDX-License-Identifier: Apache-2.0
"""The address of the latest version for scripts, with tokens of Keystone."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from demo.cloud import Cloud
from helion_images_panel.core.family import LATEST
from tests.dashboards import dashboard
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import ADMIN, DOMAIN, PROJECT, Panel
from tests.integration.sessions import stored
from tests.integration.test_call_budget import Log, wait_until_quiet
from tests.integration.test_secrets import ALL_LOGGED
from tests.integration.test_versions import Families

#: The requests of `Log` itself.
OF_TESTS = re.compile(r"/healthcheck|/v3/?\?it-fence")


@pytest.fixture
def family(images: Images) -> Families:
    return Families(images)


@pytest.fixture
def ask(cloud: Cloud) -> Callable[..., requests.Response]:
    """Ask as a script does: with a header, and no cookie."""

    def get(
        family: Families, token: str | None, panel: Panel = PROJECT, **query: str
    ) -> requests.Response:
        session = requests.Session()
        session.trust_env = False
        url = urljoin(cloud.horizon.url, panel.latest(family.name))
        headers = {} if token is None else {"X-Auth-Token": token}
        return session.get(url, params=query, headers=headers, allow_redirects=False, timeout=60)

    return get


def token_of(cloud: Cloud, user: str, **scope: str) -> str:
    return cloud.session(user, **scope).get_token() or ""


def test_members_and_admins_by_their_tokens(
    cloud: Cloud, family: Families, ask: Callable[..., requests.Response]
) -> None:
    """What each token gets is what its user gets with a session in the token's project."""
    image_id = family.make(LATEST, "")
    project = cloud.project_id("acme-web")
    for user, panel, query, status in (
        ("alice", PROJECT, {}, 200),
        ("alice", PROJECT, {"region": "RegionOne"}, 200),
        ("alice", PROJECT, {"region": "nowhere"}, 404),
        ("bob", PROJECT, {}, 404),
        ("bob", PROJECT, {"project": project}, 404),
        ("gina", PROJECT, {"project": project}, 404),
        ("alice", ADMIN, {}, 403),
        ("acme-admin", ADMIN, {"project": project}, 200),
        ("admin", ADMIN, {"project": project}, 200),
        ("alice", DOMAIN, {}, 403),
    ):
        response = ask(family, token_of(cloud, user), panel, **query)
        assert response.status_code == status, (user, panel, query, response.text)
        assert "Set-Cookie" not in response.headers
        body = response.json()
        assert body.get("id") == (image_id if status == 200 else None), body
    foreign = Families(family.images)
    foreign.make(LATEST, "", "globex-ops")
    query = {"project": cloud.project_id("globex-ops")}
    assert ask(foreign, token_of(cloud, "acme-admin"), ADMIN, **query).status_code == 404


def test_tokens_that_are_none(
    cloud: Cloud, family: Families, ask: Callable[..., requests.Response]
) -> None:
    family.make(LATEST, "")
    session = cloud.session("alice")
    revoked = session.get_token() or ""
    assert ask(family, revoked).status_code == 200
    cloud.session("admin").delete(
        f"{cloud.keystone.auth_url}/auth/tokens", headers={"X-Subject-Token": revoked}
    )
    for token in (None, "", "garbage", "gAAAAAB" + "x" * 180, revoked):
        response = ask(family, token)
        assert response.status_code == 401, (token, response.text)
        assert response.json()["reason"].endswith(".")
        assert "Location" not in response.headers
        assert "Set-Cookie" not in response.headers
    unscoped = session.post(
        f"{cloud.keystone.auth_url}/auth/tokens",
        json={
            "auth": {
                "identity": {
                    "methods": ["password"],
                    "password": {
                        "user": {
                            "name": "alice",
                            "domain": {"name": "acme"},
                            "password": cloud.user("alice").password,
                        }
                    },
                },
                "scope": "unscoped",
            }
        },
        authenticated=False,
    ).headers["X-Subject-Token"]
    response = ask(family, unscoped)
    assert response.status_code == 403
    assert "no project" in response.json()["reason"]


def test_the_token_wins_over_a_session(
    cloud: Cloud, log_in: Callable[[str], Dashboard], family: Families
) -> None:
    family.make(LATEST, "")
    alice = log_in("alice")
    path = PROJECT.latest(family.name)
    assert alice.get(path).status == 200
    before, cookies = stored(cloud.horizon, alice), dict(alice.session.cookies)
    for token, status in ((token_of(cloud, "gina"), 404), ("garbage", 401)):
        page = alice.request("GET", path, headers={"X-Auth-Token": token})
        assert page.status == status, page.html
        assert "Set-Cookie" not in page.response.headers
        page = alice.request("POST", path, headers={"X-Auth-Token": token})
        assert page.status == 405
    assert dict(alice.session.cookies) == cookies
    assert stored(cloud.horizon, alice) == before
    assert alice.get(path).status == 200


def test_requests(cloud: Cloud, family: Families, ask: Callable[..., requests.Response]) -> None:
    """One request to Keystone for the token, and one to Glance."""
    family.make(LATEST, "")
    token = token_of(cloud, "alice")
    for service in (cloud.glance, cloud.keystone):
        wait_until_quiet(service)
    glance, keystone = Log(cloud.glance), Log(cloud.keystone)
    assert ask(family, token).status_code == 200
    of_keystone = keystone.requests(OF_TESTS)
    assert len(glance.requests()) == 1
    # Glance has the token checked as well, by a token of its own.
    assert of_keystone.count("GET /v3/auth/tokens") in (1, 2), of_keystone
    assert set(of_keystone) <= {"GET /v3/auth/tokens", "POST /v3/auth/tokens"}, of_keystone


def test_the_token_is_in_no_log(cloud: Cloud, family: Families) -> None:
    """Whatever the libraries log of the requests, with their headers."""
    family.make(LATEST, "")
    token = token_of(cloud, "alice")
    with dashboard(cloud, "latest-logged", ALL_LOGGED) as horizon:
        url = urljoin(horizon.url, PROJECT.latest(family.name))
        session = requests.Session()
        session.trust_env = False
        headers = {"X-Auth-Token": token}
        assert session.get(url, headers=headers, timeout=60).status_code == 200
        log = horizon.log.read_text(errors="replace")
    # Both have logged their requests.
    assert "/v3/auth/tokens" in log
    assert "/v2/images" in log
    assert "X-Auth-Token" in log
    assert token not in log


def test_curl_as_the_guide_has_it(cloud: Cloud, family: Families, tmp_path: Path) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    image_id = family.make(LATEST, "")
    header = tmp_path / "header"
    header.write_text(f"X-Auth-Token: {token_of(cloud, 'alice')}\n")
    url = urljoin(cloud.horizon.url, PROJECT.latest(family.name))
    done = subprocess.run(
        [curl, "--fail", "--silent", "--noproxy", "*", "--header", f"@{header}", url],
        capture_output=True,
        text=True,
        check=True,
    )
    assert image_id in done.stdout
