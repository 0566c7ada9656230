# SPDX-License-Identifier: Apache-2.0
"""The list shows whatever Glance holds, however odd, and takes whatever URL."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest

from demo.cloud import Cloud
from demo.glance import Glance
from tests.integration.client import Dashboard
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, PANELS, PROJECT
from tests.thorough import crossed, thinned

ODD: dict[str, dict[str, Any]] = {
    "empty mapping": {"block_device_mapping": "[]"},
    "broken mapping": {"block_device_mapping": "[{"},
    "mapping of a number": {"block_device_mapping": "7"},
    "mapping of names": {"block_device_mapping": '["a"]'},
    "no name": {"name": None},
    "empty name": {"name": ""},
    "blanks": {"name": "  it odd  "},
    "right to left": {"name": "it \u202etfel"},
    "long name": {"name": "x" * 255},
    "no formats": {"data": None, "disk_format": None, "container_format": None},
    "queued": {"data": None},
    "property of a quote": {"p": "\"'<>&{{ 1 }}{% now 'Y' %}"},
    "base image that is a path": {"base_image_ref": "../../../etc"},
    "base image of odd signs": {"base_image_ref": "a b?c#d%2f"},
}


@pytest.mark.parametrize(
    ("odd", "reader"), crossed(ODD, [("alice", "project"), ("acme-admin", "admin")])
)
def test_odd_image(
    person: Callable[[str], Dashboard], images: Images, odd: str, reader: tuple[str, str]
) -> None:
    who, panel = reader
    image_id = images.make("odd", **ODD[odd])
    seen, url = False, PANELS[panel].index
    while url and not seen:
        page = person(who).get(url)
        assert page.status == 200
        assert not page.errors
        seen, url = image_id in page.rows, page.next_url or ""
    assert seen
    assert person(who).get(PANELS[panel].detail(image_id)).status == 200
    assert person(who).get(PANELS[panel].update(image_id)).status == 200
    assert person(who).get(PANELS[panel].metadata(image_id)).status == 200


def test_type(person: Callable[[str], Dashboard], images: Images) -> None:
    name = unique("type")
    snapshot = images.make(name=name, image_type="snapshot")
    mapping = '[{"source_type": "snapshot"}]'
    of_volume = images.make(name=name, block_device_mapping=mapping)
    image = images.make(name=name, block_device_mapping="[]")
    rows = person("alice").get(PROJECT.index, name=name).rows
    types = {image_id: row["Type"] for image_id, row in rows.items()}
    assert types == {snapshot: "Snapshot", of_volume: "Snapshot", image: "Image"}


def test_hidden_images_are_not_listed_but_shown(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("hidden", os_hidden=True)
    name = images.name(image_id)
    for who, panel in (("alice", PROJECT), ("acme-admin", ADMIN)):
        assert image_id not in person(who).get(panel.index, name=name).rows
        assert person(who).get(panel.detail(image_id)).status == 200


@pytest.mark.parametrize(
    ("panel", "query"),
    thinned(
        product(
            ["project", "admin"],
            [
                {"status": "no-such-status"},
                {"visibility": "everybody"},
                {"format": "floppy"},
                {"format": "eq:raw"},
                {"status": "in:active,queued"},
                {"name": "in:a,b"},
                {"name": "é" * 300},
                {"name": "a\x00b"},
                {"name": "%"},
                {"name": '"><script>alert(1)</script>'},
                {"owner": "nobody"},
                {"nonsense": "1", "sort": "size", "limit": "-1"},
                {"domain": "../"},
                {"image_marker": "no-id"},
                {"image_marker": "", "prev_image_marker": ""},
                {"marker": "4f8b1f6c-1a5f-4c77-b5cc-0a6b1f1f9c11"},
                {"prev_marker": "4f8b1f6c-1a5f-4c77-b5cc-0a6b1f1f9c11", "status": "x"},
            ],
        ),
        lambda cell: cell[0],
        lambda cell: str(cell[1]),
    ),
    ids=str,
)
def test_any_query_gives_a_page(
    person: Callable[[str], Dashboard], panel: str, query: dict[str, str]
) -> None:
    for who in ("acme-admin", "admin"):
        page = person(who).get(PANELS[panel].index, **query)
        assert (page.status, page.path) == (200, PANELS[panel].index)
        assert "<script>alert(1)" not in page.html


@pytest.mark.parametrize(
    ("field", "value"), [("status", "queued"), ("format", "iso"), ("visibility", "community")]
)
def test_filter(person: Callable[[str], Dashboard], images: Images, field: str, value: str) -> None:
    name = unique("filter")
    odd = {"status": {"data": None}, "format": {"disk_format": "iso", "data": None}}
    wanted = images.make(name=name, **odd.get(field, {field: value}))
    other = images.make(name=name)
    for who, panel in (("alice", PROJECT), ("acme-admin", ADMIN)):
        assert set(person(who).get(panel.index, name=name).rows) == {wanted, other}
        page = person(who).get(panel.index, name=name, **{field: value})
        assert set(page.rows) == {wanted}
        assert page.form("name").fields[field] == value


OF_FORMAT = {
    "raw": ("raw", "bare"),
    "docker": ("raw", "docker"),
    "vmdk": ("vmdk", "bare"),
    "ova": ("vmdk", "ova"),
    "qcow2": ("qcow2", "bare"),
}


def test_a_format_lists_what_is_called_so(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    name = unique("formats")
    made = {
        format_name: images.make(name=name, disk_format=disk, container_format=container, data=None)
        for format_name, (disk, container) in OF_FORMAT.items()
    }
    compressed = images.make(name=name, container_format="compressed", data=None)
    for format_name, image_id in made.items():
        rows = person("alice").get(PROJECT.index, name=name, format=format_name).rows
        assert set(rows) == {image_id, *([compressed] if format_name == "raw" else [])}


@pytest.mark.parametrize(
    "stored", ["{} \u00e9t\u00e9", "{} e\u0301te\u0301", " {} blank", "{} blank ", "{}, x"]
)
def test_a_name_is_found_as_it_looks(
    person: Callable[[str], Dashboard], images: Images, stored: str
) -> None:
    """In either form of its letters, and with or without the blanks that no page shows."""
    name = stored.format(unique("looks"))
    image_id = images.make(name=name)
    for form in ("NFC", "NFD"):
        typed = unicodedata.normalize(form, name)
        for text in (typed, typed.strip(), f" {typed.strip()} "):
            for who, panel in (("alice", PROJECT), ("acme-admin", ADMIN)):
                page = person(who).get(panel.index, name=text)
                assert set(page.rows) == {image_id}, ascii(text)
                assert page.form("name").fields["name"] == text


def test_filters_do_not_leak(person: Callable[[str], Dashboard], images: Images) -> None:
    """Not from one panel to the other, nor to the next visit."""
    image_id = images.make("leak")
    name = images.name(image_id)
    person("acme-admin").get(ADMIN.index, name="nothing has this name")
    person("acme-admin").get(PROJECT.index, status="queued")
    for panel in (PROJECT, ADMIN):
        page = person("acme-admin").get(panel.index)
        assert page.form("name").fields["name"] == ""
        assert len(page.rows) > 1
        assert image_id in person("acme-admin").get(panel.index, name=name).rows


def test_numbers_are_of_the_own_images(log_in: Callable[[str], Dashboard], images: Images) -> None:
    """Of a domain's admin: the images of others neither count nor make another page."""
    name = unique("numbers")
    dashboard = log_in("acme-admin")
    dashboard.session.cookies.set("API_RESULT_PAGE_SIZE", "2")
    for owner in ("acme-web", "globex-ops", "acme-data", "globex-ops", "acme-web"):
        images.make(name=name, owner=owner, data=None)
    images.make(name=name, owner="globex-ops", data=None)
    for sort in ("name", "-created", "updated", "-size", "status"):
        first = dashboard.get(ADMIN.index, name=name, sort=sort)
        assert "1–2 of more than 2 images" in first.text, sort
        last = dashboard.get(first.next_url or "")
        assert "3–3 of 3 images" in last.text, sort
        assert last.next_url is None, sort


def test_shared_images_list_when_accepted(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("shared", "acme-data", visibility="shared")
    images.share(image_id, "acme-web", "pending")
    name = images.name(image_id)
    assert image_id not in person("alice").get(PROJECT.index, name=name).rows
    bob = cloud.glance_client("alice")
    bob.image_members.update(image_id, cloud.project_id("acme-web"), "accepted")
    row = person("alice").get(PROJECT.index, name=name).row(image_id)
    assert row.first("a").text == name
    assert person("alice").get(PROJECT.index, name=name).row_actions(image_id) == {"download"}


def test_progress_of_several(person: Callable[[str], Dashboard], images: Images) -> None:
    active, queued = images.make("active"), images.make("queued", data=None)
    other = images.make("other", "demo")
    ids = [active, queued, other, "no-id", *[active] * 60]
    path = PROJECT.progress + "?" + "&".join(f"id={image_id}" for image_id in ids)
    found = {state["id"]: state for state in person("alice").get_json(path)["images"]}
    assert set(found) == {active, queued}
    assert (found[active]["status"], found[active]["in_progress"]) == ("active", False)
    assert (found[queued]["status"], found[queued]["failure"]) == ("queued", "")


def test_without_glance(person: Callable[[str], Dashboard], images: Images, glance: Glance) -> None:
    """Every page says what is wrong, none breaks."""
    image_id = images.make("down")
    dashboard, admin = person("alice"), person("acme-admin")
    glance.kill()
    for who, panel in ((dashboard, PROJECT), (admin, ADMIN)):
        for path in (panel.index, panel.detail(image_id), panel.update(image_id)):
            page = who.get(path)
            assert page.status == 503
            assert "The image service is not responding." in page.text
            assert urlsplit(page.link("Retry") or "").path == path
            assert "No images yet" not in page.text
        assert who.get(panel.create).status == 200
        page = who.act(panel.index, "delete", image_id)
        assert any("is not responding" in text for text in page.errors)
        assert who.get(panel.index).errors == [], "once is enough"
        answer = who.put(panel.upload(image_id), b"data")
        assert answer.status_code == 503
        assert answer.json()["reason"]
        assert who.get(panel.progress, id=image_id).status == 503
    glance.start()
    assert images.status(image_id) == "active"
