# SPDX-License-Identifier: Apache-2.0
"""Who may do what to which image, in which panel: each granted or refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.verification import expected_property
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.operations import ABSENT, DONE, LOGIN, REFUSED, SHOWN, Attempt
from tests.integration.panels import BATCH_ACTIONS, PANELS

PAGES = ("update page", "metadata page", "metadata search", "owner page", "owner search")
WRITES = ("update", "metadata", "owner")
#: What only the Admin panel has.
ADMINS = ("owner page", "owner search", "owner")
PUBLISHING = ("publish", "unpublish")
READS = ("detail", "download", "progress")
ATTEMPTS = (*READS, "uses", *PAGES, *WRITES, *BATCH_ACTIONS)

#: Manages the image and publishes it; changes it; sees it; is told that there
#: is none; may not use the panel; is not logged in.
MANAGES, CHANGES, SEES, MISSES, BARRED, ANONYMOUS = (
    "manages",
    "changes",
    "sees",
    "misses",
    "barred",
    "anonymous",
)

OUTCOMES: dict[str, dict[str, str]] = {
    MANAGES: {
        **dict.fromkeys((*READS, "uses", *PAGES), SHOWN),
        **dict.fromkeys((*WRITES, *BATCH_ACTIONS), DONE),
    },
    CHANGES: {
        **dict.fromkeys((*READS, "uses", *PAGES), SHOWN),
        **dict.fromkeys((*WRITES, *BATCH_ACTIONS), DONE),
        **dict.fromkeys(PUBLISHING, REFUSED),
    },
    SEES: {
        **dict.fromkeys(READS, SHOWN),
        "uses": ABSENT,
        **dict.fromkeys((*PAGES, *WRITES, *BATCH_ACTIONS), REFUSED),
    },
    MISSES: dict.fromkeys(ATTEMPTS, ABSENT),
    BARRED: dict.fromkeys(ATTEMPTS, REFUSED),
    ANONYMOUS: dict.fromkeys(ATTEMPTS, LOGIN),
}

#: Offered for an active, private image to whoever may change it.
ORDINARY = ("communitize", "hide", "deactivate")

PEOPLE = ("anonymous", "reader", "demo", "alice", "bob", "gina", "acme-admin", "admin")

#: Panel, owner and visibility of the image, and what each of PEOPLE is to it;
#: empty where another row says as much. The reader is in demo's project.
#: "shared" is shared with acme-data.
MATRIX = {
    ("project", "demo", "private"): (
        ANONYMOUS, SEES, CHANGES, MISSES, MISSES, MISSES, MISSES, MISSES,
    ),
    ("project", "demo", "community"): (
        "", SEES, CHANGES, SEES, "", SEES, SEES, SEES,
    ),
    ("project", "acme-web", "private"): (
        "", "", "", CHANGES, MISSES, MISSES, MANAGES, MISSES,
    ),
    ("project", "acme-web", "shared"): (
        "", "", "", CHANGES, SEES, MISSES, MANAGES, MISSES,
    ),
    ("project", "admin", "private"): (
        "", "", MISSES, "", "", "", "", MANAGES,
    ),
    ("admin", "demo", "private"): (
        "", "", BARRED, "", "", "", MISSES, MANAGES,
    ),
    ("admin", "acme-data", "private"): (
        ANONYMOUS, BARRED, BARRED, BARRED, BARRED, BARRED, MANAGES, MANAGES,
    ),
    ("admin", "globex-ops", "community"): (
        "", "", "", "", "", "", MISSES, MANAGES,
    ),
}  # fmt: skip

CASES = [
    (panel, owner, visibility, who, relation)
    for (panel, owner, visibility), relations in MATRIX.items()
    for who, relation in zip(PEOPLE, relations, strict=True)
    if relation
]


@pytest.mark.parametrize(("panel", "owner", "visibility", "who", "relation"), CASES)
def test_image(
    person: Callable[[str], Dashboard],
    images: Images,
    panel: str,
    owner: str,
    visibility: str,
    who: str,
    relation: str,
) -> None:
    image_id = images.make(f"{who}-{relation}", owner, visibility=visibility)
    if visibility == "shared":
        images.share(image_id, "acme-data")
    attempt = Attempt(person(who), PANELS[panel], images)
    expected = OUTCOMES[relation]
    if who == "reader":
        # Glance gives them no data; who uses their own project's image they may know.
        own = {"uses": SHOWN} if owner == "demo" and relation == SEES else {}
        expected = expected | {"download": REFUSED} | own
    if visibility == "community" and relation in (MANAGES, CHANGES):
        # It is a community image already.
        expected = expected | {"communitize": REFUSED}
    if panel == "project":
        expected = expected | dict.fromkeys(ADMINS, ABSENT)
    assert attempt.everything(image_id) == expected


@pytest.mark.parametrize(("panel", "owner", "visibility", "who", "relation"), CASES)
def test_upload(
    person: Callable[[str], Dashboard],
    images: Images,
    panel: str,
    owner: str,
    visibility: str,
    who: str,
    relation: str,
) -> None:
    image_id = images.make(f"{who}-{relation}", owner, None, visibility=visibility)
    if visibility == "shared":
        images.share(image_id, "acme-data")
    found = Attempt(person(who), PANELS[panel], images).data(image_id)
    outcome = OUTCOMES[relation]["update"]
    page = OUTCOMES[relation]["update page"]
    assert found == {"upload_data page": page, "upload_data": outcome, "upload": outcome}
    assert images.status(image_id) == ("active" if outcome == DONE else "queued")


@pytest.mark.parametrize(("panel", "owner", "visibility", "who", "relation"), CASES)
def test_verify(
    person: Callable[[str], Dashboard],
    images: Images,
    panel: str,
    owner: str,
    visibility: str,
    who: str,
    relation: str,
) -> None:
    """A check that fails removes the image."""
    image_id = images.make(f"{who}-{relation}", owner, visibility=visibility)
    images.update(image_id, **expected_property(image_id, Checksum("md5", "0" * 32)))
    if visibility == "shared":
        images.share(image_id, "acme-data")
    outcome = Attempt(person(who), PANELS[panel], images).verify(image_id)
    assert outcome == OUTCOMES[relation]["delete"]
    assert images.exists(image_id) == (outcome != DONE)


@pytest.mark.parametrize(
    ("who", "owner", "offered"),
    [
        (
            "demo",
            "demo",
            {*ORDINARY, "edit", "download", "share", "update_metadata", "protect", "delete"},
        ),
        ("reader", "demo", set()),
        (
            "admin",
            "admin",
            {
                *ORDINARY,
                "edit",
                "download",
                "share",
                "update_metadata",
                "protect",
                "publish",
                "delete",
            },
        ),
    ],
)
def test_offered_in_a_row(
    person: Callable[[str], Dashboard], images: Images, who: str, owner: str, offered: set[str]
) -> None:
    image_id = images.make("offered", owner)
    page = person(who).get(PANELS["project"].index, name=images.name(image_id))
    assert page.row_actions(image_id) == offered
    images.update(image_id, protected=True)
    page = person(who).get(PANELS["project"].index, name=images.name(image_id))
    protected = offered - {"protect", "delete"} | ({"unprotect"} if offered else set())
    assert page.row_actions(image_id) == protected


@pytest.mark.parametrize(
    ("panel", "who", "status"),
    [
        ("project", "reader", 200),
        ("project", "alice", 200),
        ("project", "admin", 200),
        ("admin", "reader", 403),
        ("admin", "alice", 403),
        ("admin", "acme-admin", 200),
        ("admin", "admin", 200),
    ],
)
def test_list(person: Callable[[str], Dashboard], panel: str, who: str, status: int) -> None:
    page = person(who).get(PANELS[panel].index)
    assert page.status == status
    assert not page.is_login


@pytest.mark.parametrize("panel", ["project", "admin"])
def test_list_of_nobody(person: Callable[[str], Dashboard], panel: str) -> None:
    assert person("anonymous").get(PANELS[panel].index).is_login


def test_forged_requests_without_csrf_token_are_refused(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id, panel = images.make("csrf"), PANELS["project"]
    before = images.unchanging(image_id)
    fields = {"action": f"images__delete__{image_id}", "csrfmiddlewaretoken": "x" * 32}
    refused = person("alice").post(panel.index, fields).response
    assert "csrf_failure" in refused.history[0].headers["Location"]
    by_link = person("alice").get(panel.index, table="images", action="delete", obj_id=image_id)
    assert by_link.status == 200
    assert images.unchanging(image_id) == before
