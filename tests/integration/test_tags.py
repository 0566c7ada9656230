# SPDX-License-Identifier: Apache-2.0
"""Tags: edited without losing those of others, and lists filtered by them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from helion_images_panel.core.tags import joined
from tests.integration.client import Dashboard, Form
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, PANELS, PROJECT, Panel

ODD = (
    "a,b",
    'say "hi"',
    "two words",
    "ünïcode 標籤",
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{$ constructor.constructor('alert(1)')() $}",
    "{{ 7 * 7 }}",
    "%(name)s %s",
)


def edit_form(dashboard: Dashboard, image_id: str, panel: Panel = PROJECT) -> Form:
    return dashboard.get(panel.update(image_id)).form("tags")


def tags(images: Images, image_id: str) -> set[str]:
    return set(images.show(image_id)["tags"])


@pytest.mark.parametrize(("panel", "who"), [("project", "alice"), ("admin", "acme-admin")])
def test_change(person: Callable[[str], Dashboard], images: Images, panel: str, who: str) -> None:
    image_id = images.make("tagged", tags=["web", "old"])
    before, form = images.unchanging(image_id), edit_form(person(who), image_id, PANELS[panel])
    assert form.fields["tags"] == "old, web"
    page = person(who).submit(form, tags="web, new, new , ")
    assert any("Updated image" in text for text in page.messages)
    after = images.unchanging(image_id)
    assert {**after, "tags": sorted(after["tags"])} == {**before, "tags": ["new", "web"]}


def test_odd_tags(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("odd", tags=list(ODD))
    form = edit_form(person("alice"), image_id)
    person("alice").submit(form)
    assert tags(images, image_id) == set(ODD)
    person("alice").submit(form, tags=joined([*ODD[1:], "one, more"]))
    assert tags(images, image_id) == {*ODD[1:], "one, more"}
    page = person("alice").get(PROJECT.detail(image_id))
    shown = {link.text for link in page.tree.first("dd", "hip-tags").all("a")}
    # Horizon writes AngularJS's brackets in another way, wherever they come from.
    assert shown == {as_horizon_writes(tag) for tag in (*ODD[1:], "one, more")}


def test_a_tag_that_horizon_writes_in_another_way_can_be_removed(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("angular", tags=["{$ 7 $}", "kept"])
    form = edit_form(person("alice"), image_id)
    assert form.fields["tags"] == "kept, {% 7 %}"
    person("alice").submit(form, tags="kept")
    assert tags(images, image_id) == {"kept"}


def as_horizon_writes(text: str) -> str:
    return text.replace("{$", "{%").replace("$}", "%}")


@pytest.mark.parametrize(
    ("theirs", "mine", "after"),
    [
        (["a", "b", "theirs"], "a, b, mine", {"a", "b", "theirs", "mine"}),
        (["b"], "a, b, mine", {"b", "mine"}),
        (["a", "b", "theirs"], "b", {"b", "theirs"}),
        (["a"], "a", {"a"}),
        (["b", "mine"], "a, b, mine", {"b", "mine"}),
    ],
)
def test_what_others_changed_meanwhile_stays(
    person: Callable[[str], Dashboard],
    images: Images,
    theirs: list[str],
    mine: str,
    after: set[str],
) -> None:
    image_id = images.make("raced", tags=["a", "b"])
    form = edit_form(person("alice"), image_id)
    images.update(image_id, tags=theirs)
    person("alice").submit(form, tags=mine)
    assert tags(images, image_id) == after


def test_too_long(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("long", tags=["kept"])
    form = edit_form(person("alice"), image_id)
    page = person("alice").submit(form, tags=f"kept, {'x' * 256}")
    assert any("at most 255 characters" in text for text in page.form("tags").errors)
    assert tags(images, image_id) == {"kept"}
    person("alice").submit(form, tags=f"kept, {'x' * 255}")
    assert tags(images, image_id) == {"kept", "x" * 255}


def test_too_many(person: Callable[[str], Dashboard], images: Images) -> None:
    """Glance takes 128. All that was changed waits for the next try."""
    image_id = images.make("many", tags=[f"t{i}" for i in range(128)])
    before, form = images.unchanging(image_id), edit_form(person("alice"), image_id)
    text = form.fields["tags"] + ", one-more"
    page = person("alice").submit(form, tags=text, description="also")
    said = " ".join(page.form("tags").errors)
    assert "The image was not changed." in said
    assert "128" in said
    assert images.unchanging(image_id) == before
    assert page.form("tags").fields["description"] == "also"


@pytest.mark.parametrize(("panel", "who"), [("project", "alice"), ("admin", "acme-admin")])
def test_filter(person: Callable[[str], Dashboard], images: Images, panel: str, who: str) -> None:
    """Of several tags an image has to have all; the details lead to such a list."""
    one, two = unique("tag, one"), unique('tag "two"')
    both = images.make("both", tags=[one, two])
    single = images.make("single", tags=[one])
    page = person(who).get(PANELS[panel].detail(both))
    link = next(a for a in page.tree.first("dd", "hip-tags").all("a") if a.text == one)
    listed = person(who).get(link["href"])
    assert set(listed.rows) == {both, single}
    narrowed = f"{PANELS[panel].index}?{urlencode([('tag', one), ('tag', two)])}"
    page = person(who).get(narrowed)
    assert set(page.rows) == {both}
    wider = next(a for a in page.tree.first("form", "hip-filters").all("a") if two in a.text)
    assert set(person(who).get(wider["href"]).rows) == {both, single}


def test_filtered_pages_keep_the_filter(person: Callable[[str], Dashboard], images: Images) -> None:
    tag, other = unique("tag"), unique("tag")
    made = {images.make("page", data=None, tags=[tag, other]) for _ in range(3)}
    alice, query = person("alice"), urlencode([("tag", tag), ("tag", other)])
    alice.session.cookies.set("API_RESULT_PAGE_SIZE", "2")
    try:
        first = alice.get(f"{PROJECT.index}?{query}")
        second = alice.get(first.next_url or "")
    finally:
        alice.session.cookies.set("API_RESULT_PAGE_SIZE", None)
    assert len(first.rows) == 2
    assert {*first.rows, *second.rows} == made


def test_the_cloud_admin_is_led_to_all_domains(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    tag = unique("tag")
    image_id = images.make("elsewhere", "globex-ops", tags=[tag])
    page = person("admin").get(ADMIN.detail(image_id))
    link = page.tree.first("dd", "hip-tags").first("a")
    assert set(person("admin").get(link["href"]).rows) == {image_id}
