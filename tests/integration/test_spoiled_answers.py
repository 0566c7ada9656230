# SPDX-License-Identifier: Apache-2.0
"""Every address of the panels while Glance or Keystone answers anything but what it promises.

`tox -e answers` walks over the whole product of addresses, spoils and services; otherwise each
address meets some of them, and each kind of address all.
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.integration import spoiled_walk, spoiler
from tests.integration.images import Images
from tests.integration.panels import ADMIN, PANELS, PROJECT
from tests.thorough import only_thorough

pytestmark = only_thorough

#: Set by `tox -e answers`.
IS_FULL = bool(os.environ.get("SPOILED_ANSWERS_FULL"))

#: Spoils that each address meets of each service, for each method.
SHARE = 2

#: Addresses that work without what a service did not tell, by their ends: the page's own
#: script asks, and shows nothing in its place.
FORGIVING = {
    "images/access/": "the list's labels are right without the numbers",
    "domain/access/": "likewise",
    "images/uses/": "a confirmation names the uses that are known",
    "domain/uses/": "likewise",
    "images/ending/": "the list is complete without its notice",
    "images/shared/count/": "a tab without its number",
    "boot/": "the findings of the properties, without those of the content",
    "images/create/": "the form has all formats, no quota, and one domain's words",
    "upload_data/": "likewise",
    "new_version/": "likewise",
    "make_latest/": "the projects that get the version are not counted",
    "metadata/": "without definitions every property is text",
    "metadata/search/": "likewise",
    "images/projects/": "a member finds their own projects",
    "domain/projects/": "likewise",
    "share/": "the field takes an ID without the projects to choose from",
    "change_owner/": "the domains' names are left out",
    "change_owner/search/": "likewise",
    "update/": "the form says nothing of members",
    "detail/": "a tab says what is missing in its own words",
    "<image_id>/": "likewise",
    "publish/": "the choice that is not possible has the reason",
    "<instance_id>/create/": "the service is Nova, which the cloud does not have",
}

Walked = dict[str, Any]
Answer = dict[str, Any]


@pytest.fixture(scope="module")
def admin_elsewhere(cloud: Cloud) -> Iterator[str]:
    """The admin of acme is an admin of a project of another domain too, and works there."""
    session, keystone = cloud.session("admin"), cloud.keystone.auth_url
    role = session.get(f"{keystone}/roles", params={"name": "admin"}).json()["roles"][0]["id"]
    project = cloud.project_id("globex-research")
    user = cloud.session("acme-admin").get_user_id()
    url = f"{keystone}/projects/{project}/users/{user}/roles/{role}"
    session.put(url)
    yield project
    session.delete(url)


@pytest.fixture(scope="module")
def walked(cloud: Cloud, kept_images: Images, admin_elsewhere: str) -> Iterator[Walked]:
    both, keystone_only = ("glance", "keystone"), ("keystone",)

    def person(name: str, services: Sequence[str], project: str = "") -> dict[str, Any]:
        user = cloud.user(name)
        account = {
            "user": user.name,
            "password": user.password,
            "domain": user.domain,
            "project": project or cloud.project_id(user.project),
        }
        return {"account": account, "services": services}

    with (
        spoiler.spoiler(cloud.keystone.url) as keystone,
        spoiler.spoiler(cloud.glance.url) as glance,
    ):
        keystone.rewritten = {cloud.keystone.url: keystone.url, cloud.glance.url: glance.url}
        settings = {
            "OPENSTACK_KEYSTONE_URL": f"{keystone.url}/v3",
            "STATIC_ROOT": str(cloud.horizon.folder / "static"),
            # Otherwise only the first of many pages would ask Keystone.
            "HELION_IMAGES_PROJECT_CACHE_S": 0,
        }
        horizon = Horizon(cloud.state, cloud.keystone, settings=settings, name="horizon-spoiled")
        horizon.configure()
        order = {
            "spoilers": {"keystone": keystone.url, "glance": glance.url},
            "people": {
                "bob": person("bob", both),
                "acme-admin": person("acme-admin", both),
                "elsewhere": person("acme-admin", keystone_only, admin_elsewhere),
                "mona": person("mona", both),
            },
            "who": {"project": ["bob"], "admin": ["acme-admin", "elsewhere"], "domain": ["mona"]},
            "panels": {PROJECT.index: "project", ADMIN.index: "admin"},
            "image_id": kept_images.make("spoiled", "acme-data"),
            "owner": cloud.project_id("acme-data"),
            "project_id": cloud.project_id("acme-lab"),
            "spoils": spoiler.NAMES,
            "slow": spoiler.SLOW,
            "share": 0 if IS_FULL else SHARE,
        }
        yield spoiled_walk.walk(horizon, order)
    # What Create Image has made while its answer was spoiled; one may be published.
    for image in kept_images.named(spoiled_walk.FIELDS["name"]):
        kept_images.adopt(image["id"])


@pytest.fixture
def answers(walked: Walked) -> list[Answer]:
    found: list[Answer] = walked["answers"]
    return found


@pytest.fixture
def spoiled(answers: list[Answer]) -> list[Answer]:
    """Those that asked the service whose answers are spoiled."""
    return [answer for answer in answers if answer["spoiled"]]


def told(found: Sequence[Answer]) -> list[str]:
    """Each case that is wrong, in a line."""
    return [
        "{who} {method} {path}: {spoil} of {service}: ".format(
            **answer["case"], path=answer["case"]["address"]["path"]
        )
        + f"{answer['status']} {answer['locations']} {answer['said']} {answer['text'][:200]!r}"
        for answer in found
    ]


def is_sent_to_login(answer: Answer) -> bool:
    return any("/auth/login/" in location for location in answer["locations"])


def test_the_walk_is_whole(walked: Walked, answers: list[Answer], spoiled: list[Answer]) -> None:
    """No address is left out, and no spoil for any kind of address."""
    addresses = {address["path"] for address in walked["addresses"]}
    assert len(addresses) > 50
    asked = {answer["case"]["address"]["path"] for answer in answers if answer["spoiled"]}
    # Nova alone makes snapshots, and there is none; its dialog is in Horizon's frame. The
    # number of rows is stored in a cookie.
    without_calls = {f"{panel.index}page_size/" for panel in PANELS.values()}
    assert addresses - asked <= {"/project/images/<instance_id>/create/", *without_calls}
    kinds = {address["kind"] for address in walked["addresses"]}
    met = Counter(
        (answer["case"]["address"]["kind"], answer["case"]["service"], answer["case"]["spoil"])
        for answer in spoiled
    )
    all_of_them = itertools.product(kinds, ("glance", "keystone"), spoiler.NAMES)
    assert [each for each in all_of_them if each not in met] == []
    if IS_FULL:
        by_spoil = Counter(answer["case"]["spoil"] for answer in answers)
        assert len(by_spoil) == len(spoiler.NAMES)
        assert len(set(by_spoil.values())) == 1


def test_no_bare_server_error(answers: list[Answer]) -> None:
    assert not told([answer for answer in answers if answer["status"] == 500])


def test_nothing_leads_to_itself(answers: list[Answer]) -> None:
    wrong = [
        answer
        for answer in answers
        if not is_sent_to_login(answer)
        and (
            len(answer["locations"]) > 2 or len(set(answer["locations"])) < len(answer["locations"])
        )
    ]
    assert not told(wrong)


def test_the_cause_is_said(spoiled: list[Answer]) -> None:
    wrong = [
        answer
        for answer in spoiled
        if not answer["said"]
        and not is_sent_to_login(answer)
        # A page of Horizon's, or a redirect to one.
        and answer["status"] not in (302, 401, 404, 405)
        and not (answer["status"] == 200 and is_forgiving(answer["case"]["address"]["path"]))
    ]
    assert not told(wrong)


def is_forgiving(path: str) -> bool:
    return any(path.endswith(end) for end in FORGIVING)


def test_a_cause_is_said_once(answers: list[Answer]) -> None:
    wrong = [answer for answer in answers if len(set(answer["said"])) < len(answer["said"])]
    assert not told(wrong)


def test_a_list_that_fails_is_unavailable(spoiled: list[Answer]) -> None:
    """Not an empty list: it says why, and offers Retry where that may help."""
    lists = [
        answer
        for answer in spoiled
        if answer["case"]["address"]["kind"] == "list"
        and answer["case"]["service"] == "glance"
        and answer["case"]["method"] == spoiled_walk.GET
        and not is_sent_to_login(answer)
    ]
    assert lists
    forbidden = [answer for answer in lists if answer["case"]["spoil"] == "403"]
    others = [answer for answer in lists if answer["case"]["spoil"] != "403"]
    assert not told([answer for answer in others if answer["status"] != 503])
    assert not told([answer for answer in others if "retry-after" not in answer["headers"]])
    # To ask again would not help.
    assert forbidden
    assert not told([answer for answer in forbidden if answer["status"] != 403])
    assert not told([answer for answer in forbidden if "retry-after" in answer["headers"]])
    assert all("no-store" in answer["headers"]["cache-control"] for answer in forbidden)
    assert not told([answer for answer in lists if answer["says_none"]])


def test_no_input_is_lost(spoiled: list[Answer]) -> None:
    """It is in the form again, or the page's script still has it: it shows the reason there."""
    wrong = [
        answer
        for answer in spoiled
        if answer["case"]["address"]["kind"] == "form"
        and answer["case"]["method"] == spoiled_walk.POST
        and not answer["kept_input"]
        and not is_sent_to_login(answer)
        and answer["status"] not in (403, 404, 302)
        and "json" not in answer["headers"]["content-type"]
    ]
    assert not told(wrong)


def test_private_pages_are_not_stored(answers: list[Answer]) -> None:
    wrong = [
        answer
        for answer in answers
        if answer["status"] in (200, 502, 503)
        and not is_sent_to_login(answer)
        and "x-horizon-location" not in answer["headers"]
        # Downloads can be resumed; that no proxy stores them is said otherwise.
        and answer["headers"]["content-type"] != "application/octet-stream"
        and (
            answer["headers"].get("x-content-type-options") != "nosniff"
            or "no-store" not in answer["headers"].get("cache-control", "")
        )
    ]
    assert not told(wrong)


def test_nothing_is_left(walked: Walked, answers: list[Answer]) -> None:
    """No thread, socket, slot, lock, or place in a queue."""
    assert walked["after"] == walked["before"]
    assert walked["before"]["held"] == []
    assert not told([answer for answer in answers if answer["held"]])
