# SPDX-License-Identifier: Apache-2.0
"""Every address of a dashboard that logs all that can be logged: no secret is in its log, its
pages, its scripts and its redirects.

Some of the values that tests/unit/ui/test_fuzz.py sends go to each address on the way, here
with a real Glance and Keystone behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.dashboards import dashboard
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images, unique
from tests.integration.panels import PANELS, Panel
from tests.integration.routes import routes
from tests.integration.waiting import wait_until

#: Who has which panel.
PEOPLE = {"project": "alice", "admin": "acme-admin", "domain": "mona"}

#: A part of a URL that opens it, such as a signature.
SIGNATURE = "s3cr3t-signature"

#: Addresses with a field for such a URL. To another one no page sends it; Horizon's operation
#: log has all that is sent.
WITH_LOCATION = ("/images/create/", "/upload_data/")

#: Fernet tokens begin so.
TOKEN = re.compile(r"gAAAA[\w-]{20}")

HOSTILE = ("", "\0", "x" * 3_000, "-1", "\u202e<b>{$1$}", "a\r\nforged line", "[" * 500)


@dataclass
class Walked:
    """All answers, what none of them may have, where imports were from, and what was logged."""

    pages: list[Page]
    secrets: set[str]
    location: str
    log: str


#: Settings with which every library logs all.
ALL_LOGGED = {
    "LOGGING": {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"stderr": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["stderr"], "level": "DEBUG"},
    },
    "OPERATION_LOG_ENABLED": True,
}


@pytest.fixture(scope="module")
def debugging(cloud: Cloud) -> Iterator[Horizon]:
    with dashboard(cloud, "debugging", ALL_LOGGED) as horizon:
        yield horizon


@pytest.fixture(scope="module")
def own(kept_images: Images) -> dict[str, str]:
    return {
        "project": kept_images.make("secrets", "acme-web", visibility="shared"),
        "admin": kept_images.make("secrets", "acme-lab"),
        "domain": kept_images.make("secrets", "acme-data"),
    }


@pytest.fixture(scope="module")
def waiting(kept_images: Images) -> dict[str, str]:
    """Images without data."""
    return {
        "project": kept_images.make("secrets", "acme-web", data=None),
        "admin": kept_images.make("secrets", "acme-lab", data=None),
    }


@pytest.fixture(scope="module")
def others(kept_images: Images) -> str:
    return kept_images.make("others", "globex-research", visibility="shared")


@pytest.fixture(scope="module")
def walked(
    cloud: Cloud,
    debugging: Horizon,
    own: dict[str, str],
    waiting: dict[str, str],
    others: str,
    kept_images: Images,
) -> Walked:
    before, began = kept_images.state(others), debugging.log.stat().st_size
    location = f"{cloud.files.url}/nothing.qcow2"
    pages: list[Page] = []
    secrets = {SIGNATURE}
    for panel, name in PEOPLE.items():
        person = Dashboard(debugging.url).log_in(cloud.user(name))
        secrets.add(str(person.session.cookies["sessionid"]))
        for number, route in enumerate(routes(cloud.horizon, panel).paths):
            path = PANELS[panel].index + route.replace("<image_id>", own[panel])
            path = path.replace("<instance_id>", own[panel]).replace("<family>", own[panel])
            pages += _asked(person, path, own[panel], HOSTILE[number % len(HOSTILE)])
            foreign = path.replace(own[panel], others)
            pages += _asked(person, foreign, others, HOSTILE[-number % len(HOSTILE)])
            if path.endswith(WITH_LOCATION):
                path = path.replace(own[panel], waiting[panel])
                pages += _import(person, PANELS[panel], path, location, kept_images)
    assert kept_images.state(others) == before
    with debugging.log.open("rb") as file:
        file.seek(began)
        return Walked(pages, secrets, location, file.read().decode(errors="replace"))


def _asked(person: Dashboard, path: str, image_id: str, value: str) -> Iterator[Page]:
    headers = {"X-Requested-With": "XMLHttpRequest", "Referer": person.base}
    query = {"id": image_id, "q": value, "name": value, "property": value, "sort": value}
    yield person.request("GET", path, params=query, headers=headers, allow_redirects=False)
    fields = {
        "id": image_id,
        "name": value,
        "new_name": value,
        "action": "no-action",
        "source": "location",
        "disk_format": "raw",
        "visibility": "private",
        "project": value,
        "csrfmiddlewaretoken": person.csrf_token,
    }
    if path.endswith(WITH_LOCATION):
        fields["location"] = f"http://127.0.0.1:1/disk.img?sig={SIGNATURE}"
    yield person.request("POST", path, data=fields, headers=headers, allow_redirects=False)


def _import(
    person: Dashboard, panel: Panel, path: str, location: str, images: Images
) -> Iterator[Page]:
    """An import as a person starts it: Glance gets its URL, and tells it with the task."""
    fields = {
        "name": unique("secrets"),
        "source": "location",
        "location": f"{location}?sig={SIGNATURE}",
        "disk_format": "raw",
        "visibility": "private",
    }
    page = person.post(path, fields, follow=False)
    yield page
    assert page.status in (200, 201), page.text
    image_id = images.adopt(page.response.json()["id"])
    yield wait_until(
        lambda: person.get(panel.progress, id=image_id),
        lambda page: page.response.json()["images"][0]["failure"],
        f"the import of {image_id} to end",
    )
    yield person.get(panel.detail(image_id), tab="image_details__activity")


def test_no_value_ends_in_a_server_error(walked: Walked) -> None:
    assert len(walked.pages) > 200
    wrong = [
        f"{page.response.request.method} {page.url[:300]}: {page.status} {page.html[:200]}"
        for page in walked.pages
        if page.status >= 500 or "Traceback" in page.html
    ]
    assert wrong == []


def test_no_answer_has_a_secret(walked: Walked) -> None:
    for page in walked.pages:
        # The form of an import comes back with the address that was entered.
        is_own_input = page.response.request.method == "POST"
        text = page.html + page.url + page.response.headers.get("Location", "")
        assert not TOKEN.search(text), page.url
        for secret in walked.secrets - ({SIGNATURE} if is_own_input else set()):
            assert secret not in text, page.url


def test_the_log_has_no_secret(walked: Walked) -> None:
    assert "REQ: curl" in walked.log, "the libraries do not log all"
    lines = walked.log.splitlines()
    assert not [line[:400] for line in lines if TOKEN.search(line)]
    for secret in walked.secrets:
        assert not [line[:400] for line in lines if secret in line]
    imports = [line for line in lines if f'"uri": "{walked.location}"' in line]
    assert {line.partition(" ")[0] for line in imports} == {"curl", '{"tasks":'}
    assert not [line[:400] for line in lines if line.startswith("forged line")]
