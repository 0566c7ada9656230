# SPDX-License-Identifier: Apache-2.0
"""Each filter of the list on the real Glance: exactly the images that it means, in both panels."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard, Page
from tests.integration.images import DATA, Images, unique
from tests.integration.panels import ADMIN, DOMAIN, PROJECT, Panel

Person = Callable[[str], Dashboard]

MAPPING = '[{"source_type": "snapshot", "destination_type": "volume"}]'
SMALL, LARGE = DATA[:3000], DATA + DATA
#: More than Glance's whole list of one property: it is a range to Glance, or unknown to it.
ODD = {"env": "prod", "hw_cpus_max": "4", "metadata": "x", "note": "Zu\u0308rich"}

#: Both panels, and the Project panel of an admin, whose token lists everything.
LISTS = [("alice", PROJECT), ("acme-admin", ADMIN), ("acme-admin", PROJECT)]

#: Filters, and the images that have to be found with them.
FILTERS: list[tuple[dict[str, Any], set[str]]] = [
    ({"protected": "true"}, {"ubuntu"}),
    ({"protected": "false"}, {"debian", "snapshot", "volumes", "queued", "deactivated"}),
    ({"type": "image"}, {"ubuntu", "debian", "queued", "deactivated"}),
    ({"type": "snapshot"}, {"snapshot", "volumes"}),
    ({"type": "volume_snapshot"}, {"volumes"}),
    ({"status": "deactivated"}, {"deactivated"}),
    ({"status": "queued"}, {"queued"}),
    ({"status": "active"}, {"ubuntu", "debian", "snapshot", "volumes"}),
    ({"visibility": "shared"}, {"debian"}),
    ({"visibility": "private"}, {"ubuntu", "snapshot", "volumes", "queued", "deactivated"}),
    ({"format": "qcow2"}, {"queued"}),
    ({"format": "raw", "type": "snapshot"}, {"snapshot", "volumes"}),
    ({"os_distro": "ubuntu"}, {"ubuntu"}),
    ({"os_distro": "ubuntu", "os_version": "24.04", "architecture": "x86_64"}, {"ubuntu"}),
    ({"os_distro": "ubuntu", "os_version": "22.04"}, set()),
    ({"architecture": "x86_64"}, {"ubuntu", "debian"}),
    # Of a deactivated image Glance names the stores to admins alone.
    ({"store": "fast", "status": "active"}, {"ubuntu", "debian", "snapshot", "volumes"}),
    ({"store": "archive"}, {"debian"}),
    ({"store": "fas"}, set()),
    ({"size_from": "3000"}, {"ubuntu", "debian", "snapshot", "deactivated"}),
    ({"size_to": "3 KB"}, {"ubuntu", "volumes"}),
    ({"size_from": "1", "size_to": "4,5 KiB"}, {"ubuntu", "snapshot", "deactivated"}),
    ({"size_from": "8k", "size_to": "0.008192 MB"}, {"debian"}),
    ({"size_from": "1 TiB"}, set()),
    ({"property": "hw_disk_bus=virtio"}, {"ubuntu"}),
    ({"property": ["env=prod", "hw_cpus_max=4"]}, {"ubuntu"}),
    ({"property": "env=prod"}, {"ubuntu", "debian"}),
    ({"property": "metadata=x"}, {"ubuntu"}),
    ({"property": "note=Z\u00fcrich"}, {"ubuntu"}),
    ({"property": "env=in:prod,test"}, set()),
    ({"checksum": hashlib.md5(SMALL, usedforsecurity=False).hexdigest()}, {"ubuntu"}),
    ({"checksum": f"SHA512 (a.img) = {hashlib.sha512(LARGE).hexdigest().upper()}"}, {"debian"}),
    ({"checksum": hashlib.sha512(DATA).hexdigest()}, {"snapshot", "deactivated"}),
    ({"checksum": hashlib.sha256(DATA).hexdigest()}, set()),
    ({"protected": "false", "size_from": "1", "property": "env=prod"}, {"debian"}),
    ({"name": "filtered", "type": "image", "architecture": "x86_64"}, {"ubuntu", "debian"}),
]


@pytest.fixture(scope="module")
def tag() -> str:
    return unique("filters")


@pytest.fixture(scope="module")
def made(kept_images: Images, tag: str) -> dict[str, str]:
    """Images by what sets them apart; those of another domain match all filters, too."""

    def make(owner: str) -> dict[str, str]:
        common: dict[str, Any] = {"name": f"{tag} filtered", "tags": [tag]}
        ubuntu = {"os_distro": "ubuntu", "os_version": "24.04", "architecture": "x86_64", **ODD}
        debian = {"os_distro": "debian", "architecture": "x86_64", "env": "prod"}
        buses = {"ubuntu": "virtio", "debian": "scsi"}
        fields: dict[str, tuple[bytes | None, dict[str, Any]]] = {
            "ubuntu": (SMALL, {**ubuntu, "protected": True, "hw_disk_bus": buses["ubuntu"]}),
            "debian": (
                LARGE,
                {**debian, "hw_disk_bus": buses["debian"], "visibility": "shared"},
            ),
            "snapshot": (DATA, {"image_type": "snapshot"}),
            "volumes": (b"", {"block_device_mapping": MAPPING}),
            "queued": (None, {"disk_format": "qcow2"}),
            "deactivated": (DATA, {}),
        }
        found = {
            label: kept_images.make(owner=owner, data=data, **common, **own)
            for label, (data, own) in fields.items()
        }
        kept_images._call("POST", f"/images/{found['deactivated']}/actions/deactivate")
        kept_images.copy(found["debian"], "archive")
        return found

    make("globex-ops")
    return make("acme-web")


def labels(made: dict[str, str], page: Page) -> list[str]:
    """The images of a page; another one by its ID."""
    assert (page.status, page.errors) == (200, [])
    known = {image_id: label for label, image_id in made.items()}
    return [known.get(image_id, image_id) for image_id in page.rows]


@pytest.mark.parametrize(("who", "panel"), LISTS)
def test_a_tag_is_found_however_its_letters_are_stored(
    person: Person, kept_images: Images, tag: str, who: str, panel: Panel
) -> None:
    """A letter with an accent is one character, or two."""
    stored = [f"{tag}-Z\u00fcrich", f"{tag}-Zu\u0308rich", f" {tag}-Z\u00fcrich"]
    ids = {kept_images.make("accents", tags=[each], data=None) for each in stored}
    for typed in stored:
        assert set(person(who).get(panel.index, tag=typed).rows) >= ids


@pytest.mark.parametrize(("who", "panel"), LISTS)
def test_exactly_the_images_that_are_meant(
    person: Person, made: dict[str, str], tag: str, who: str, panel: Panel
) -> None:
    wrong = {}
    for filters, expected in FILTERS:
        found = labels(made, person(who).get(panel.index, tag=tag, **filters))
        if sorted(found) != sorted(expected):
            wrong[str(filters)] = found
    assert wrong == {}


@pytest.mark.parametrize("sort", ["size", "-size", "name", "-created", "status"])
def test_page_by_page_in_any_order(
    log_in: Person, made: dict[str, str], tag: str, sort: str
) -> None:
    dashboard = log_in("alice")
    dashboard.session.cookies.set("API_RESULT_PAGE_SIZE", "1")
    filters = {"tag": tag, "size_from": "1", "type": "image", "sort": sort}
    pages = [dashboard.get(PROJECT.index, **filters)]
    while url := pages[-1].next_url:
        pages.append(dashboard.get(url))
        assert len(pages) < 9, "the list does not end"
    found = [label for page in pages for label in labels(made, page)]
    assert sorted(found) == ["deactivated", "debian", "ubuntu"]
    if "size" in sort:
        by_size = ["ubuntu", "deactivated", "debian"]
        assert found == (by_size if sort == "size" else by_size[::-1])
    back = dashboard.get(pages[1].previous_url or "")
    assert labels(made, back) == found[:1]


def test_the_image_of_an_id_has_to_match_as_well(
    person: Person, made: dict[str, str], tag: str
) -> None:
    for filters, expected in FILTERS:
        if "name" not in filters:
            page = person("alice").get(PROJECT.index, tag=tag, name=made["ubuntu"], **filters)
            assert labels(made, page) == (["ubuntu"] if "ubuntu" in expected else []), filters


@pytest.mark.parametrize("name", ["created", "updated"])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_days_are_whole_and_those_of_the_users_zone(
    log_in: Person, kept_images: Images, made: dict[str, str], tag: str, zone: str, name: str
) -> None:
    dashboard = log_in("alice")
    dashboard.session.cookies.set("django_timezone", zone)
    moment = datetime.fromisoformat(kept_images.show(made["ubuntu"])[f"{name}_at"])
    day = moment.astimezone(ZoneInfo(zone)).date()

    def is_found(begin: date | None, end: date | None) -> bool:
        ends = {f"{name}_from": begin, f"{name}_to": end}
        written = {key: each.isoformat() for key, each in ends.items() if each}
        page = dashboard.get(PROJECT.index, tag=tag, name=made["ubuntu"], **written)
        rows = dashboard.get(PROJECT.index, tag=tag, protected="true", **written)
        assert labels(made, page) == labels(made, rows)
        return "ubuntu" in labels(made, rows)

    one = timedelta(days=1)
    assert is_found(day, day)
    assert is_found(day, None)
    assert is_found(None, day)
    assert not is_found(day + one, None)
    assert not is_found(None, day - one)
    assert not is_found(day - one, day - one)
    assert is_found(day - one, day + one)


def test_the_file_has_the_images_of_the_list(
    person: Person, made: dict[str, str], tag: str
) -> None:
    for who, panel in LISTS:
        for filters, expected in FILTERS[::4]:
            page = person(who).get(f"{panel.index}export/json/", tag=tag, **filters)
            found = {image["id"] for image in page.response.json()["images"]}
            assert found == {made[label] for label in expected}, (who, filters)


WRONG = {
    "status": "broken",
    "format": "eq:raw",
    "type": "disk",
    "protected": "True",
    "size_from": "abc",
    "size_to": str(2**63),
    "created_from": "2026-02-30",
    "updated_to": "0000-00-00",
    "property": "=x",
    "checksum": "abc",
    "os_distro": "x" * 300,
    "tag": "x" * 300,
}


@pytest.mark.parametrize(("who", "panel"), [*LISTS, ("mona", DOMAIN)])
def test_a_wrong_value_is_neither_ignored_nor_an_empty_list(
    person: Person, made: dict[str, str], who: str, panel: Panel
) -> None:
    for name, value in WRONG.items():
        page = person(who).get(panel.index, **{name: value})
        assert (page.status, page.rows) == (200, {}), name
        field = page.tree.first(id=f"hip_filter_{name}")
        assert field["aria-invalid"] == "true", name
        assert page.tree.first(id=field["aria-describedby"].split()[0]).text, name
        assert "Correct the filter." in page.text, name
        assert "No images match" not in page.text, name
        # Nor is there a file of another list than the one that is shown.
        file = person(who).get(f"{panel.index}export/csv/", **{name: value})
        assert (file.status, file.path) == (200, panel.index)
        assert "Correct the filter." in file.text, name


def test_two_values_that_exclude_each_other(person: Person, made: dict[str, str]) -> None:
    for name, begin, end in (
        ("size", "2 GB", "1 GB"),
        ("created", "2026-02-02", "2026-02-01"),
        ("updated", "2026-02-02", "2026-02-01"),
    ):
        page = person("alice").get(PROJECT.index, **{f"{name}_from": begin, f"{name}_to": end})
        assert page.tree.first(id=f"hip_filter_{name}_to")["aria-invalid"] == "true"
        assert page.rows == {}


@pytest.mark.parametrize(
    ("who", "panel", "written"),
    [
        ("acme-admin", ADMIN, "acme-web"),
        ("admin", ADMIN, "acme-web"),
        ("admin", ADMIN, "acme-web (acme)"),
        ("mona", DOMAIN, "acme-lab"),
    ],
)
def test_an_owner_by_name(
    cloud: Cloud, person: Person, images: Images, who: str, panel: Panel, written: str
) -> None:
    name, owner = unique("owner"), written.partition(" ")[0]
    image_id = images.make(name=name, owner=owner, data=None)
    images.make(name=name, owner="acme-data", data=None)
    query = {"name": name, **({"domain": "all"} if who == "admin" else {})}
    page = person(who).get(panel.index, owner=written, **query)
    assert set(page.rows) == {image_id}
    assert parse_qs(urlsplit(page.url).query)["owner"] == [cloud.project_id(owner)]
    assert page.form("name").fields["owner"].partition(" ")[0] == owner


@pytest.mark.parametrize(("who", "panel"), [("acme-admin", ADMIN), ("mona", DOMAIN)])
def test_a_project_elsewhere_is_no_other_than_one_that_does_not_exist(
    cloud: Cloud, person: Person, images: Images, who: str, panel: Panel
) -> None:
    images.make(owner="globex-ops", data=None)
    for written in ("globex-ops", cloud.project_id("globex-ops"), "no-such", "0" * 32):
        page = person(who).get(panel.index, owner=written)
        assert page.rows == {}
        assert page.tree.first(id="hip_filter_owner_error").text == (
            f"There is no project “{written}” in this list. Enter the name or the ID of a project."
        )
        assert "globex" not in page.text.replace(written, "")
