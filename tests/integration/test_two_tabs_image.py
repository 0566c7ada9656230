# SPDX-License-Identifier: Apache-2.0
"""An image that another tab deletes or changes while a page of it is open, without scripts.

What the scripts do then is in the table of tests/two_tabs.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard
from tests.integration.images import Images, unique
from tests.integration.panels import PROJECT
from tests.integration.test_two_tabs import DEEDS, HERE, NEW, THERE, opened

LogIn = Callable[[str], Dashboard]

CHANGES: Mapping[str, Callable[[Cloud, Images, str], None]] = {
    "deleted": lambda cloud, images, id_: images.delete(id_),
    "protected": lambda cloud, images, id_: images.update(id_, protected=True),
    "hidden": lambda cloud, images, id_: images.update(id_, os_hidden=True),
}

#: What a change of the image leaves to be done: it goes on, and adds to what is there now.
STILL_DONE = {
    ("edit", "protected"),
    ("edit", "hidden"),
    ("metadata", "protected"),
    ("metadata", "hidden"),
}


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
    if change == "protected" and kind in ("bulk", "details"):
        assert images.exists(image_id), "what is protected is not deleted"
    if not images.exists(image_id):
        return
    image = images.show(image_id)
    assert image["protected"] == (change == "protected")
    assert image["os_hidden"] == (change == "hidden")
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
