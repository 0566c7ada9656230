# SPDX-License-Identifier: Apache-2.0
"""An image that another tab deletes, changes or withdraws while a page of it is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images, unique
from tests.integration.panels import PROJECT
from tests.integration.test_two_tabs import DEEDS, HERE, NEW, THERE, opened

LogIn = Callable[[str], Dashboard]

CHANGES: Mapping[str, Callable[[Cloud, Images, str], None]] = {
    "deleted": lambda cloud, images, id_: images.delete(id_),
    "deactivated": lambda cloud, images, id_: deactivate(cloud, id_),
    "protected": lambda cloud, images, id_: images.update(id_, protected=True),
    "hidden": lambda cloud, images, id_: images.update(id_, os_hidden=True),
    "moved": lambda cloud, images, id_: images.update(id_, owner=cloud.project_id(THERE)),
}

#: What a change of the image leaves to be done: it goes on, and adds to what is there now.
STILL_DONE = {
    ("edit", "deactivated"),
    ("edit", "protected"),
    ("edit", "hidden"),
    ("metadata", "deactivated"),
    ("metadata", "protected"),
    ("metadata", "hidden"),
}


def deactivate(cloud: Cloud, image_id: str) -> None:
    cloud.glance_client("admin").images.deactivate(image_id)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("kind", ["edit", "metadata", "share", "publish", "bulk", "details"])
def test_a_form_of_an_image_that_changes_meanwhile(
    cloud: Cloud, log_in: LogIn, images: Images, kind: str, change: str
) -> None:
    """The change stays, the deed is done beside it or refused, and either is said."""
    tab, image_id, form, fields, _before = opened(DEEDS[kind], log_in, cloud, images)
    CHANGES[change](cloud, images, image_id)
    page = tab.post(form.action, {**form.fields, **fields, "csrfmiddlewaretoken": tab.csrf_token})
    assert page.status in (200, 403, 404), f"{page.status}: {page.text[:500]}"
    assert page.status != 200 or page.messages or page.form_errors, page.text[:500]
    if change == "deleted":
        assert not images.exists(image_id)
        assert not [text for text in page.messages if text.startswith("Success")]
        return
    if change in ("protected", "moved") and kind in ("bulk", "details"):
        assert images.exists(image_id), "what is protected or somebody else's is not deleted"
    if not images.exists(image_id):
        return
    image = images.show(image_id)
    assert image["status"] == ("deactivated" if change == "deactivated" else "active")
    assert image["protected"] == (change == "protected")
    assert image["os_hidden"] == (change == "hidden")
    if change == "moved":
        assert image["owner"] == cloud.project_id(THERE)
        assert NEW not in image.values()
    if (kind, change) in STILL_DONE:
        assert NEW in image.values()


def test_upload_data_into_what_has_data_meanwhile(
    cloud: Cloud, log_in: LogIn, images: Images
) -> None:
    deed = DEEDS["upload data"]
    tab, image_id, form, fields, _before = opened(deed, log_in, cloud, images)
    images.upload(image_id, b"somebody else's data")
    answer = tab.submit(form, **fields)
    assert answer.status == 409
    assert answer.response.json()["reason"]
    assert images.data(image_id) == b"somebody else's data"


def asked_for(tab: Dashboard, image_id: str) -> Page:
    return tab.request("GET", PROJECT.download(image_id), allow_redirects=True)


@pytest.mark.parametrize("change", ["deleted", "deactivated", "moved"])
def test_download_of_what_is_gone(cloud: Cloud, log_in: LogIn, images: Images, change: str) -> None:
    tab, image_id = log_in("mona"), images.make("download", HERE)
    assert image_id in tab.get(PROJECT.index).rows
    CHANGES[change](cloud, images, image_id)
    page = asked_for(tab, image_id)
    assert page.response.headers["Content-Type"].startswith("text/html")
    assert page.status in (200, 403, 404)
    assert page.status != 200 or page.errors


def test_paging_on_from_what_is_gone(cloud: Cloud, log_in: LogIn, images: Images) -> None:
    """And from a project that is not the active one any more."""
    tab = log_in("mona")
    name = unique("paging")
    ids = [images.make(owner=HERE, data=None, name=name) for _number in range(3)]
    tab.session.cookies.set("API_RESULT_PAGE_SIZE", "2")
    page = tab.get(PROJECT.index, name=name)
    assert page.next_url
    tab.another_tab().switch(cloud.project_id(THERE))
    elsewhere = tab.get(page.next_url)
    assert elsewhere.status == 200
    assert not set(ids) & set(elsewhere.rows)
    tab.switch(cloud.project_id(HERE))
    images.delete(list(page.rows)[-1])
    again = tab.get(page.next_url)
    assert again.status == 200
    assert any("Showing the first page" in text for text in again.messages) or again.rows


def test_accepting_what_is_not_shared_any_more(cloud: Cloud, log_in: LogIn, images: Images) -> None:
    image_id = images.make("inbox", "acme-web", visibility="shared")
    images.share(image_id, HERE, "pending")
    tab = log_in("mona")
    form = tab.get(PROJECT.shared).form("object_ids")
    images.update(image_id, visibility="private")
    page = tab.submit(form, action=f"shared__accept__{image_id}")
    assert page.status in (200, 404)
    assert not [text for text in page.messages if text.startswith("Success")]


@pytest.fixture
def without_role(cloud: Cloud) -> Iterator[Callable[[], None]]:
    """Takes mona's role in acme-data away until the test is over."""
    admin, keystone = cloud.session("admin"), cloud.keystone.auth_url
    user = cloud.session("mona").get_user_id()
    roles = admin.get(f"{keystone}/roles", params={"name": "manager"}).json()["roles"]
    path = f"{keystone}/projects/{cloud.project_id(HERE)}/users/{user}/roles/{roles[0]['id']}"
    taken = []

    def take() -> None:
        admin.delete(path)
        taken.append(path)

    yield take
    for each in taken:
        admin.put(each)


@pytest.mark.parametrize("kind", ["create", "edit", "share", "bulk"])
def test_role_taken_away_meanwhile(
    cloud: Cloud, log_in: LogIn, images: Images, without_role: Callable[[], None], kind: str
) -> None:
    """The token ends with the role: the login page, or what Glance still has done is said."""
    tab, image_id, form, fields, before = opened(DEEDS[kind], log_in, cloud, images)
    without_role()
    page = tab.post(form.action, {**form.fields, **fields, "csrfmiddlewaretoken": tab.csrf_token})
    for image in images.named(NEW):
        images.adopt(image["id"])
    assert page.status in (200, 201, 401, 403), page.text[:500]
    if page.is_login or page.status in (401, 403):
        assert images.unchanging(image_id) == before
        assert images.named(NEW) == []
    else:
        # Glance's middleware trusts a token for some minutes after it has checked it.
        assert page.status == 201 or page.messages or page.form_errors
