# SPDX-License-Identifier: Apache-2.0
"""Who may do what to which image, in which panel: each granted or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from demo.cloud import Cloud
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.verification import expected_property
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.matrix import RELATIONS, ROLES, Case, cases
from tests.integration.operations import ATTEMPTS, DONE, Attempt
from tests.integration.panels import ADMIN, DOMAIN, PANELS, PROJECT
from tests.integration.routes import routes

#: Offered for an active, private image to whoever may change it.
ORDINARY = ("communitize", "hide", "deactivate")


class Specimens:
    """Images of one kind: what one attempt has changed is put back, or made anew."""

    def __init__(self, images: Images, case: Case):
        self.images = images
        self.case = case
        self.relation = RELATIONS[case.relation]
        self.role = ROLES[case.role]

    def make(self) -> str:
        images, relation = self.images, self.relation
        image_id = images.make(
            self.case.id, self.role.owner(relation.whose), None, **relation.fields
        )
        if relation.has_data:
            images.upload(image_id, b"specimen")
            # A check of the data that fails removes the image.
            images.update(image_id, **expected_property(image_id, Checksum("md5", "0" * 32)))
        if relation.is_deactivated:
            images.cloud.glance_client("admin").images.deactivate(image_id)
        if relation.answer:
            images.share(image_id, self.role.own, relation.answer)
        if relation.has_member:
            images.share(image_id, self.role.other)
        return image_id

    def tried(self, attempt: Attempt) -> Iterator[tuple[str, str]]:
        """The name of each attempt, and what came of it."""
        expected, image_id = self.case.expected(), ""
        for name in ATTEMPTS:
            image_id = image_id or self.make()
            if name == "remove_from_store" and expected[name] == DONE:
                # The only copy stays.
                self.images.copy(image_id, "archive")
            before = self.images.state(image_id)
            outcome = attempt.of(name, image_id)
            yield name, outcome
            if outcome == DONE and before and not self.images.restore(image_id, *before):
                self.images.delete(image_id)
                image_id = ""


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_image(person: Callable[[str], Dashboard], images: Images, case: Case) -> None:
    attempt = Attempt(person(ROLES[case.role].user), PANELS[case.panel], images)
    found = dict(Specimens(images, case).tried(attempt))
    assert found == case.expected()


def test_there_is_nothing_else_to_try(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    """What the panels get one day has to be put into the table."""
    image_id = images.make("everything")
    for dashboard, panels in (("project", (PROJECT, DOMAIN)), ("admin", (ADMIN,))):
        paths, actions = set(), set()
        for panel in panels:
            attempt = Attempt(person("anonymous"), panel, images)
            attempt.all(image_id)
            for page in attempt.pages:
                asked = [*page.response.history, page.response][0].request
                path = urlsplit(asked.url).path.removeprefix(panel.index)
                paths.add(path.replace(image_id, "<image_id>"))
                posted = parse_qs(str(asked.body)).get("action", [])
                actions |= {"__".join(action.split("__")[:2]) for action in posted}
        found = routes(cloud.horizon, dashboard)
        assert set(found.of_an_image) <= paths
        assert set(found.acting) <= actions


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
