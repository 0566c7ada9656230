# SPDX-License-Identifier: Apache-2.0
"""The details of an image."""

import re
from html import unescape

import pytest

from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.publication import (
    CLOUD,
    PROPERTY,
    Publication,
    publication_property,
)
from helion_images_panel.core.verification import Verified, expected_property, verified_property
from helion_images_panel.transfers import failures
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import path

BASE = "6b1c0e62-0000-4000-8000-000000000000"


def details(browser, image, person="member", panel="project"):
    """Terms and what stands behind them, as text."""
    browser.login_as(factories.PEOPLE[person]())
    html = browser.get(path(panel, "detail", image["id"])).content.decode()
    found = {}
    for part in re.split(r"<dt[^>]*>", html)[1:]:
        term, rest = part.split("</dt>", 1)
        values = re.findall(r"(?s)<dd[^>]*>(.*?)</dd>", rest)
        texts = [" ".join(unescape(re.sub(r"<[^>]*>", "", value)).split()) for value in values]
        found.setdefault(unescape(term).strip(), texts)
    return found, html


def test_a_tag_that_shows_nothing_can_be_seen_and_selected(browser, glance):
    _found, html = details(browser, glance.add(tags=["linux", "\u200b"]))
    assert re.findall(r'class="hip-tag" href="[^"]*tag=([^"&]*)"[^>]*>([^<]*)<', html) == [
        ("linux", "linux"),
        ("%E2%80%8B", "U+200B"),
    ]


def test_everything_that_glance_knows(browser, glance):
    image = glance.add(
        name="debian", description="For all", min_disk=2, min_ram=512, architecture="x86_64",
        tags=["linux"], stores="fast,slow", os_version="13", os_hidden=False,
    )  # fmt: skip
    found, html = details(browser, image)
    assert {term: found[term] for term in ("Name", "Description", "Status", "Type", "Format")} == {
        "Name": ["debian"],
        "Description": ["For all"],
        "Status": ["Active"],
        "Type": ["Image"],
        "Format": ["QCOW2"],
    }
    assert found["ID"] == [image["id"]]
    assert found["Minimum Disk"] == ["2 GB"]
    assert found["Minimum RAM"] == ["512 MB"]
    assert found["Architecture"] == ["x86_64"]
    assert found["Stores"] == ["fast, slow"]
    assert found["Hash (SHA512)"] == ["a" * 128]
    assert found["Visibility"] == ["Private"]
    assert "(21430272 bytes)" in found["Size"][0].replace(",", "").replace("\xa0", " ")
    assert found["os_version"] == ["13"]
    assert "linux" in html


def test_an_image_of_which_little_is_known(browser, glance):
    unknown = ("name", "disk_format", "container_format", "size", "checksum", "os_hash_algo",
               "virtual_size", "os_hash_value", "stores", "created_at", "updated_at")  # fmt: skip
    image = glance.add(status="queued", **dict.fromkeys(unknown))
    found, _html = details(browser, image)
    for term in ("Name", "Format", "Size", "Hash", "Created", "Updated", "Checksum (MD5)"):
        assert found[term] == ["-"]
    assert "Stores" not in found


def members_of(html):
    """The rows of the members' table, each as the texts of its cells."""
    table = html[html.index('id="members"') :]
    rows = re.findall(r"(?s)<tr[^>]*data-object-id.*?</tr>", table)
    cells = [re.findall(r"(?s)<td[^>]*>(.*?)</td>", row) for row in rows]
    return [
        [" ".join(unescape(re.sub(r"<[^>]*>", "", cell)).split()) for cell in row] for row in cells
    ]


def test_members_with_their_names_as_far_as_the_person_may_know_them(browser, glance):
    image = glance.add(visibility="shared")
    glance.members[image["id"]] = {factories.SIBLING: "accepted", factories.FOREIGN: "pending"}
    _found, html = details(browser, image, "domain_admin", "admin")
    shown = [row[1:4] for row in members_of(html)]
    assert shown == [
        ["shop", factories.SIBLING, "Accepted"],
        ["-", factories.FOREIGN, "Pending"],
    ]
    assert "Shared with 2 projects (1 pending)" in html
    _found, html = details(browser, image)
    assert ["-", factories.SIBLING, "Accepted"] in [row[1:4] for row in members_of(html)]


def test_the_end_of_the_session_is_not_that_of_a_tab(browser, glance):
    """Horizon would say in place of the page that it is not allowed."""
    image = glance.add(visibility="shared")
    glance.failing[f"GET /v2/images/{image['id']}/members"] = fakes.refusal(401, "Expired")
    response = browser.login_as(factories.member()).get(path("project", "detail", image["id"]))
    assert response.status_code == 302
    assert response["Location"].split("?")[0].endswith("/auth/login/")


@pytest.mark.parametrize(("panel", "person"), [("project", "member"), ("admin", "domain_admin")])
def test_the_owner_has_a_name(browser, glance, panel, person):
    found, _html = details(browser, glance.add(), person, panel)
    assert (found["Owner"], found["Owner ID"]) == (["web"], [factories.PROJECT])


def test_an_owner_without_a_name_is_shown_once(browser, glance):
    image = glance.add(visibility="public", owner=factories.FOREIGN)
    found, html = details(browser, image)
    assert found["Owner"] == [factories.FOREIGN]
    assert "Owner ID" not in found
    assert html.count(factories.FOREIGN) == 1


def test_one_heading_of_the_page_and_one_for_each_panel(browser, glance):
    _found, html = details(browser, glance.add(name="debian"))
    assert len(re.findall("<h1", html)) == 1
    assert "debian" in re.search("(?s)<h1>.*?</h1>", html)[0]
    panels = re.findall('<h2 class="panel-title">([^<]+)</h2>', html)
    assert panels == [
        *("General", "Data", "Will It Boot?", "Access", "Requirements", "Custom Properties"),
    ]


@pytest.mark.parametrize(("size", "shown"), [(1, "1 byte"), (672137216, "672,137,216 bytes")])
def test_sizes_have_separators(browser, glance, size, shown):
    found, _html = details(browser, glance.add(size=size, virtual_size=size))
    for term in ("Size", "Virtual Size"):
        assert found[term][0].endswith(f"({shown})")


@pytest.mark.parametrize("algorithm", ["sha512", "md5", "sha256"])
def test_each_checksum_is_shown_once(browser, glance, algorithm):
    id_ = factories.image_id()
    value = {"sha512": "b" * 128, "md5": "c" * 32, "sha256": "d" * 64}[algorithm]
    checksum = Checksum(algorithm, value)
    checked = Verified((checksum, Checksum("sha512", "b" * 128)), "2026-11-23T10:00:00Z", "kim")
    image = glance.add(
        id=id_, checksum="c" * 32, os_hash_algo="sha512", os_hash_value="b" * 128,
        **expected_property(id_, checksum), **verified_property(id_, checked),
    )  # fmt: skip
    found, _html = details(browser, image)
    assert found["Verified"][0].startswith("Yes, ")
    texts = [text for values in found.values() for text in values]
    for each in (value, "b" * 128, "c" * 32):
        assert sum(each in text for text in texts) == 1, each
    name = {"sha512": "Hash (SHA512)", "md5": "Checksum (MD5)"}.get(algorithm)
    assert found["Expected Checksum"] == [f"The same as {name}" if name else f"sha256:{value}"]


@pytest.mark.parametrize("tab", ["overview", "access", "used_by", "activity"])
def test_each_tab_has_an_address_that_keeps_the_domain(browser, glance, tab):
    image = glance.add()
    browser.login_as(factories.PEOPLE["cloud_admin"]())
    url = f"{path('admin', 'detail', image['id'])}?domain=all&tab=image_details__{tab}"
    html = browser.get(url).content.decode()
    links = {
        unescape(link["url"]): bool(link["current"])
        for link in re.finditer(
            '<a href="(?P<url>[^"]*)" target="_self" data-target="#[^"]*"'
            '(?P<current> aria-current="page")?',
            html,
        )
    }
    assert [address for address, is_current in links.items() if is_current] == [url]
    assert f'<div id="image_details__{tab}" class="tab-pane active">' in html


def test_members_that_cannot_be_read_do_not_cost_the_page(browser, glance):
    image = glance.add(visibility="shared")
    glance.failing[f"GET /v2/images/{image['id']}/members"] = fakes.refusal(500, "no")
    found, html = details(browser, image)
    assert found["ID"] == [image["id"]]
    assert "Unable to retrieve the members." in html


@pytest.mark.parametrize(("status", "shown"), [("queued", True), ("active", False)])
def test_why_an_import_failed(browser, glance, status, shown):
    image = glance.add(status=status)
    glance.tasks[image["id"]] = [{"status": "failure", "message": "404 Not Found"}]
    _found, html = details(browser, image)
    assert ("The import failed: 404 Not Found" in html) is shown


def test_why_an_upload_failed_and_what_to_do(browser, glance):
    image = glance.add(status="queued")
    glance.tasks[image["id"]] = [{"status": "failure", "message": "404 Not Found"}]
    failures.save(
        factories.request(), image["id"], {"reason": "The upload was interrupted.", "kind": "x"}
    )
    _found, html = details(browser, image)
    alert = re.search(r'(?s)<div class="alert alert-warning".*?</div>', html)[0]
    assert "The upload was interrupted." in alert
    assert f'href="/project/images/{image["id"]}/upload_data/"' in alert
    assert "404 Not Found" not in html, "that was before"


def test_a_reader_is_not_told_to_upload(browser, glance):
    image = glance.add(status="queued")
    failures.save(
        factories.request(), image["id"], {"reason": "The upload was interrupted.", "kind": "x"}
    )
    _found, html = details(browser, image, "reader")
    assert "The upload was interrupted." not in html
    assert "upload_data" not in html


def test_a_snapshot_shows_where_it_comes_from(browser, glance):
    image = glance.add(image_type="snapshot", base_image_ref=BASE, instance_uuid="i-1")
    found, html = details(browser, image)
    assert (found["Type"], found["Base Image"], found["Instance"]) == (
        ["Snapshot"],
        [BASE],
        ["i-1"],
    )
    assert f'href="/project/images/{BASE}/"' in html


def test_a_base_image_that_is_no_path_segment_is_no_link(browser, glance):
    image = glance.add(image_type="snapshot", base_image_ref="a/../b")
    found, html = details(browser, image)
    assert found["Base Image"] == ["a/../b"]
    assert "a/../b/" not in html


def test_what_publishing_remembers_is_told_in_words(browser, glance):
    id_ = factories.image_id()
    noted = publication_property(id_, Publication(CLOUD, "shared"))
    image = glance.add(id=id_, visibility="public", **noted)
    found, html = details(browser, image)
    assert found["Visibility"] == ["Public (Shared before it was published)"]
    assert PROPERTY not in html


def test_titles_of_properties_and_glances_own_empty_ones(browser, glance, settings):
    settings.IMAGE_CUSTOM_PROPERTY_TITLES = {"os_distro": "Distribution"}
    image = glance.add(
        os_distro="debian", os_glance_failed_import="", os_glance_importing_to_stores="fast"
    )
    found, _html = details(browser, image)
    assert found["Distribution"] == ["debian"]
    assert found["os_glance_importing_to_stores"] == ["fast"]
    assert "os_glance_failed_import" not in found


@pytest.mark.parametrize("status", ["saving", "active"])
def test_an_image_on_its_way_is_watched(browser, glance, status):
    image = glance.add(status=status)
    _found, html = details(browser, image)
    assert (f'data-hip-watch="{image["id"]}"' in html) is (status == "saving")
