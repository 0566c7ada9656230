# SPDX-License-Identifier: Apache-2.0
"""Who may do what to which image, in which panel: each granted or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.declared import ACTIONS
from tests.integration.images import Images
from tests.integration.matrix import NEEDS, ROLES, Case, cases
from tests.integration.operations import DONE, SHOWN, Attempt
from tests.integration.panels import BATCH_ACTIONS, PANELS
from tests.integration.routes import routes
from tests.integration.specimens import Matrix, Specimens
from tests.thorough import thinned


def changing(relation: str) -> set[str]:
    """The actions on rows that are offered for such an image to whoever may change it."""
    return {
        name
        for name, action in ACTIONS.items()
        if NEEDS[name] == "change" and relation not in action.refused_for
    }


@pytest.fixture(scope="module")
def matrix(
    log_in: Callable[[str], Dashboard], kept_images: Images, request: pytest.FixtureRequest
) -> Iterator[Matrix]:
    items = (item for item in request.session.items if isinstance(item, pytest.Function))
    chosen = [item.callspec.params["case"] for item in items if item.originalname == "test_image"]
    made = Matrix(log_in, kept_images, chosen)
    yield made
    made.stop()


@pytest.mark.parametrize(
    "case",
    thinned(
        cases(),
        lambda case: (case.panel, case.role),
        lambda case: (case.panel, case.standing),
        lambda case: case.relation,
    ),
    ids=lambda case: case.id,
)
def test_image(matrix: Matrix, case: Case) -> None:
    assert matrix.found(case) == case.expected()


def test_there_is_nothing_else_to_try(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    """What the panels get one day has to be put into the table."""
    image_id = images.make("everything")
    for name, panel in PANELS.items():
        paths, actions = set(), set()
        attempt = Attempt(person("anonymous"), panel, images)
        attempt.all(image_id)
        for page in attempt.pages:
            asked = [*page.response.history, page.response][0].request
            path = urlsplit(asked.url).path.removeprefix(panel.index)
            paths.add(path.replace(image_id, "<image_id>"))
            posted = parse_qs(str(asked.body)).get("action", [])
            actions |= {"__".join(action.split("__")[:2]) for action in posted}
        found = routes(cloud.horizon, name)
        assert set(found.of_an_image) <= paths
        assert set(found.acting) <= actions


@pytest.mark.parametrize(
    ("who", "owner", "offered"),
    [
        (
            "demo",
            "demo",
            {
                *changing("own"),
                *("edit", "download", "share", "update_metadata", "family", "end_dates"),
                "existing_version",
            },
        ),
        ("reader", "demo", set()),
        (
            "admin",
            "admin",
            {
                *changing("own"),
                *("edit", "download", "share", "update_metadata", "family", "end_dates", "publish"),
                "existing_version",
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
    others = offered - changing("own")
    assert page.row_actions(image_id) == others | (changing("own-protected") if offered else set())


#: What the menu of an image calls by another name than the attempt that shows it.
OFFERS = {
    **{name: name for name in (*BATCH_ACTIONS, "download")},
    "edit": "update_page",
    "share": "share_page",
    "update_metadata": "metadata_page",
    "upload_data": "upload_data_page",
    "change_owner": "owner_page",
    "end_dates": "end_dates_page",
    "family": "family_page",
    "make_latest": "make_latest_page",
    "new_version": "new_version_page",
}
#: Where what is offered is looked at: a role, and relations that its row of TABLE has.
LOOKED_AT = {
    "reader": ("own", "own-protected", "own-deactivated", "own-queued", "pending", "public"),
    "member": (
        *("own", "own-protected", "own-deactivated", "own-queued", "pending", "public"),
        *("own-domain", "own-public"),
    ),
    "domain-admin": (
        *("own", "own-protected", "own-deactivated", "own-queued", "pending", "public"),
        *("own-domain", "own-public"),
    ),
}


@pytest.mark.parametrize(
    "case",
    thinned(
        (
            case
            for case in cases()
            if case.panel == "project" and case.relation in LOOKED_AT.get(case.role, ())
        ),
        lambda case: case.role,
        lambda case: case.relation,
    ),
    ids=lambda case: case.id,
)
def test_offered_is_what_can_be_done(
    person: Callable[[str], Dashboard], images: Images, case: Case
) -> None:
    """On the page of the image, and in its row where the list has it: no more, and no less."""
    image_id = Specimens(images).make(case)
    expected = case.expected()
    wanted = {name for name, attempt in OFFERS.items() if expected[attempt] in (DONE, SHOWN)}
    panel, someone = PANELS[case.panel], person(ROLES[case.role].user)
    assert someone.get(panel.detail(image_id)).offered(image_id) == wanted
    page = someone.get(panel.index, name=images.name(image_id))
    assert (image_id in page.rows) == (case.relation != "pending")
    if image_id in page.rows:
        assert page.row_actions(image_id) == wanted


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
    refused = person("alice").post(panel.index, fields)
    assert refused.status == 403
    assert image_id not in refused.html
    by_link = person("alice").get(panel.index, table="images", action="delete", obj_id=image_id)
    assert by_link.status == 200
    assert images.unchanging(image_id) == before
