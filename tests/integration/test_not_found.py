# SPDX-License-Identifier: Apache-2.0
"""Images that are gone, and images of others: the same answer, which says what may be the case."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from operator import itemgetter

import pytest

from tests.integration.client import NOT_FOUND, Dashboard
from tests.integration.images import Images
from tests.integration.panels import ADMIN, PANELS, PROJECT
from tests.thorough import thinned

AJAX = {"X-Requested-With": "XMLHttpRequest"}
PAGES = ("detail", "update", "metadata", "fix", "download", "share", "upload_data")
WHO = [("alice", "project"), ("acme-admin", "project"), ("acme-admin", "admin")]


@pytest.fixture(scope="module")
def foreign(kept_images: Images) -> str:
    return kept_images.make("foreign", "globex-ops")


@pytest.mark.parametrize(
    ("page", "who", "panel"),
    thinned(((page, *who) for page in PAGES for who in WHO), itemgetter(0), itemgetter(1, 2)),
)
def test_a_page_says_so_and_leads_to_the_list(
    person: Callable[[str], Dashboard], foreign: str, who: str, panel: str, page: str
) -> None:
    absent, pages = str(uuid.uuid4()), PANELS[panel]
    found = []
    for image_id in (absent, foreign, "no-id"):
        path = getattr(pages, page)(image_id)
        answer = person(who).get(path)
        assert answer.status == 404
        assert NOT_FOUND in answer.text
        assert "mistyped" not in answer.text
        assert answer.link("Back to Images") == person(who).base + pages.index
        dialog = person(who).request("GET", path, headers=AJAX)
        told = json.loads(dialog.response.headers["X-Horizon-Messages"])
        found.append((dialog.status, [each[:2] for each in told]))
    assert (
        found == [(404, [["danger", NOT_FOUND]])] * 3
        or found == [(404, [["error", NOT_FOUND]])] * 3
    )


@pytest.mark.parametrize("action", ["protect", "delete", "hide", "deactivate", "communitize"])
def test_an_action_on_a_row_that_is_gone_leads_to_the_list(
    person: Callable[[str], Dashboard], images: Images, foreign: str, action: str
) -> None:
    image_id = images.make("gone")
    assert image_id in person("alice").get(PROJECT.index, name=images.name(image_id)).rows
    images.delete(image_id)
    for gone in (image_id, foreign):
        page = person("alice").act(PROJECT.index, action, gone)
        assert (page.path, page.errors) == (PROJECT.index, [f"Error: {NOT_FOUND}"])
    assert images.exists(foreign)


@pytest.mark.parametrize(("who", "panel"), WHO)
def test_questions_of_scripts_are_answered_alike(
    person: Callable[[str], Dashboard], foreign: str, who: str, panel: str
) -> None:
    pages = PANELS[panel]

    def answers(image_id: str) -> list[tuple[int, str]]:
        found = [
            person(who).get(pages.projects, q="", image=image_id),
            person(who).get(pages.access, id=image_id),
            person(who).get(pages.uses, id=image_id),
            person(who).get(pages.progress, id=image_id),
            person(who).get(pages.metadata_search(image_id), q="hw"),
            person(who).post(pages.verify(image_id)),
            person(who).post(pages.publish_step(image_id), {"audience": "cloud"}),
        ]
        if panel == "admin":
            found.append(person(who).get(ADMIN.owner_search(image_id), q=""))
        return [(page.status, page.html.replace(image_id, "ID")) for page in found]

    absent = answers(str(uuid.uuid4()))
    assert absent[0] == (404, json.dumps({"reason": NOT_FOUND, "kind": "refused"}))
    assert answers(foreign) == absent


def test_who_saves_a_form_of_a_deleted_image_is_told(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("saved")
    form = person("alice").get(PROJECT.update(image_id)).form("name")
    images.delete(image_id)
    page = person("alice").submit(form, description="late")
    assert (page.status, NOT_FOUND in page.text) == (404, True)
