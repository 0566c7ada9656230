# SPDX-License-Identifier: Apache-2.0
"""Clean Up: previews in steps, the deletion of what they show, and stored rules."""

from __future__ import annotations

import re
import threading
import time

import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import instances, projects, stored_rules
from helion_images_panel.core.deletion import deletion_of
from helion_images_panel.core.family import FORMER, LATEST, NEW, Family, family_property
from helion_images_panel.core.image import Image
from helion_images_panel.core.rules import SNAPSHOTS, Rule
from helion_images_panel.core.uses import Uses
from helion_images_panel.ui.rules import check, finding, project_limit, rows, views
from helion_images_panel.ui.scopes import domain_scope
from tests import factories
from tests.unit.permissions import PANEL, PermissionMatrix, path

PROJECT_URL, ADMIN_URL = path("project", "rules"), path("admin", "rules")
STORED_URL = f"{ADMIN_URL}stored/"
OLD = factories.ago(days=200)
SNAPSHOT = {"image_type": "snapshot", "created_at": OLD}
SNAPSHOTS_180 = {"kind": "snapshots", "number_snapshots": "180"}


class TestWhoMayOpenIt(PermissionMatrix):
    page, expected, of_an_image = "rules", PANEL, False


class TestWhoMayPreview(PermissionMatrix):
    page, expected, of_an_image = "rules", PANEL, False

    def ask(self, browser, url):
        return browser.post(url, SNAPSHOTS_180)


STORING = {
    "project": dict.fromkeys(factories.PEOPLE, 404),
    "admin": {**PANEL["admin"], "domain_admin": 302, "other_domain_admin": 302, "cloud_admin": 302},
}
STORING["project"]["anonymous"] = 404


class TestWhoMayStore(PermissionMatrix):
    page, expected, of_an_image = "rules/stored", STORING, False

    def ask(self, browser, url):
        return browser.post(url, SNAPSHOTS_180)


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def field_of(html, name="state"):
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    return found[1] if found else ""


def goes_on(html):
    return "data-hip-steps-percent" in html


def previewed(browser, url, **rule):
    """The whole preview."""
    html = text_of(browser.post(url, rule or SNAPSHOTS_180))
    while goes_on(html):
        html = text_of(browser.post(url, {"state": field_of(html)}))
    return html


@pytest.mark.parametrize(
    ("query", "kind"),
    [("?rule=duplicates", "duplicates"), ("?rule=family", "family"), ("?rule=all", "snapshots")],
)
def test_an_address_chooses_a_rule_and_no_more(browser, glance, query, kind):
    html = text_of(browser.login_as(factories.member()).get(PROJECT_URL + query))
    (chosen,) = re.findall(r'<input[^>]*name="kind"[^>]* checked>', html)
    assert f'value="{kind}"' in chosen
    assert 'name="number_family" id="hip_number_family" value="3"' in html
    assert glance.listed() == []
    assert "hip_rules_found" not in html


def deleted(browser, url, html):
    html = text_of(browser.post(url, {"state": field_of(html), "delete": "1"}))
    while goes_on(html):
        html = text_of(browser.post(url, {"deleting": field_of(html, "deleting")}))
    return html


def in_bin(glance):
    images = map(Image.from_glance, glance.images.values())
    return {image.id for image in images if deletion_of(image)}


def title(html):
    return re.search(r'id="hip_rules_(?:found|deleting)"[^>]*>([^<]*)<', html)[1]


def test_a_preview_shows_what_would_go_and_deletes_nothing(browser, glance):
    glance.add(name="old", size=1024**2, **SNAPSHOT)
    glance.add(name="kept", protected=True, **SNAPSHOT)
    glance.add(name="new", image_type="snapshot", created_at=factories.ago(days=1))
    glance.add(name="foreign", owner=factories.SIBLING, **SNAPSHOT)
    html = previewed(browser.login_as(factories.member()), PROJECT_URL)
    assert title(html) == "1 image can be deleted"
    assert "Delete 1 Image" in html
    assert "1 MiB of the quota are freed" in html
    assert "Protected" in html
    assert ">kept<" in html
    assert "foreign" not in html
    assert glance.writes == []


def test_what_others_boot_with_is_kept(browser, glance):
    base = {"disk_format": "raw", "created_at": OLD}
    glance.add(**{**base, "created_at": factories.ago(days=300)})
    glance.add(name="kernel", **base)
    booting = glance.add(kernel_id=list(glance.images)[-1], os_hash_value="b" * 128)["id"]
    browser.login_as(factories.member())
    html = previewed(browser, PROJECT_URL, kind="duplicates")
    assert title(html) == "Nothing to delete"
    assert "Kernel or ramdisk of other images" in html
    assert ">kernel<" in html
    del glance.images[booting]
    html = previewed(browser, PROJECT_URL, kind="duplicates")
    assert title(html) == "1 image can be deleted"
    # One that is added in the meantime counts, too.
    glance.add(kernel_id=list(glance.images)[-1], os_hash_value="b" * 128)
    html = deleted(browser, PROJECT_URL, html)
    assert "The image is the kernel or ramdisk of other images." in html
    assert in_bin(glance) == set()


def test_it_deletes_what_it_has_shown_so_that_it_can_be_restored(browser, glance):
    images = [glance.add(**SNAPSHOT)["id"] for _ in range(3)]
    browser.login_as(factories.member())
    html = previewed(browser, PROJECT_URL)
    asked = text_of(browser.post(PROJECT_URL, {"state": field_of(html), "ask": "1"}))
    assert "Delete 3 images?" in asked
    assert "can be restored until" in asked
    assert in_bin(glance) == set()
    back = text_of(browser.post(PROJECT_URL, {"state": field_of(asked), "back": "1"}))
    assert "Delete 3 images?" not in back
    later = glance.add(**SNAPSHOT)["id"]
    html = deleted(browser, PROJECT_URL, asked)
    assert title(html).startswith("Deleted 3 images.")
    assert in_bin(glance) == set(images)
    assert glance.images[later]["status"] == "active"


def test_each_image_is_checked_again_when_it_is_deleted(browser, glance, monkeypatch):
    names = ["protected", "public", "used", "gone", "given", "fine"]
    images = {name: glance.add(name=name, **SNAPSHOT) for name in names}
    browser.login_as(factories.member())
    html = previewed(browser, PROJECT_URL)
    assert title(html) == "6 images can be deleted"
    images["protected"]["protected"] = True
    images["public"]["visibility"] = "public"
    images["given"]["owner"] = factories.SIBLING
    images["given"]["visibility"] = "public"
    del glance.images[images["gone"]["id"]]
    used = images["used"]["id"]

    def using(_request, image_id, *, everywhere):
        return factories.uses(factories.PROJECT) if image_id == used else Uses()

    monkeypatch.setattr(instances, "using", using)
    html = deleted(browser, PROJECT_URL, html)
    assert in_bin(glance) == {images["fine"]["id"]}
    assert title(html).startswith("Deleted 1 image.")
    assert "5 images were not deleted." in html
    for reason in ("is protected", "is public", "is in use", "not found"):
        assert reason in html


def test_images_that_were_given_away_are_kept(browser, glance, monkeypatch):
    """They are shared with the project now. One was read before that, and one is after it."""
    monkeypatch.setattr(finding, "PORTION", 1)
    images = [glance.add(**SNAPSHOT) for _ in range(2)]
    browser.login_as(factories.member())
    html = text_of(browser.post(PROJECT_URL, SNAPSHOTS_180))
    assert goes_on(html)
    for image in images:
        image.update(owner=factories.SIBLING, visibility="shared")
        glance.members[image["id"]] = {factories.PROJECT: "accepted"}
    html = text_of(browser.post(PROJECT_URL, {"state": field_of(html)}))
    assert title(html) == "1 image can be deleted"
    assert "Of another project" in html
    html = deleted(browser, PROJECT_URL, html)
    assert "The image belongs to another project." in html
    assert glance.writes == []


def test_images_whose_use_cannot_be_read_are_kept_and_said(browser, glance, monkeypatch):
    glance.add(**SNAPSHOT)
    asked = []

    def using(_request, image_id, everywhere):
        asked.append(image_id)
        raise exceptions.compute_does_not_answer()

    monkeypatch.setattr(instances, "using", using)
    monkeypatch.setattr(check, "PORTION", 20)
    for _ in range(25):
        glance.add(**SNAPSHOT)
    html = previewed(browser.login_as(factories.member()), PROJECT_URL)
    assert title(html) == "Nothing to delete"
    assert "The uses could not be read completely" in html
    assert "Unable to retrieve the instances." in html
    assert len(asked) == 1


def test_a_reader_sees_that_nothing_is_allowed(browser, glance):
    glance.add(**SNAPSHOT)
    html = previewed(browser.login_as(factories.reader()), PROJECT_URL)
    assert title(html) == "Nothing to delete"
    assert "You are not allowed to delete them" in html


@pytest.mark.parametrize("size", [2, 1000])
def test_an_admin_has_the_domain_by_project(browser, glance, settings, size):
    settings.HELION_IMAGES_SEARCH_ROWS = size
    for owner in (factories.PROJECT, factories.SIBLING, factories.FOREIGN):
        glance.add(owner=owner, **SNAPSHOT)
    html = previewed(browser.login_as(factories.domain_admin()), ADMIN_URL)
    assert title(html) == "2 images can be deleted"
    assert ">web<" in html
    assert ">shop<" in html
    assert factories.FOREIGN not in html
    html = deleted(browser, ADMIN_URL, html)
    assert len(in_bin(glance)) == 2


def test_images_without_data_are_deleted_permanently(browser, glance):
    image = glance.add(status="queued", size=None, updated_at=OLD)["id"]
    browser.login_as(factories.member())
    html = previewed(browser, PROJECT_URL, kind="queued", number_queued="7")
    asked = text_of(browser.post(PROJECT_URL, {"state": field_of(html), "ask": "1"}))
    assert "They are deleted permanently." in asked
    html = deleted(browser, PROJECT_URL, html)
    assert title(html) == "Deleted 1 image."
    assert image not in glance.images


def test_duplicates_name_what_is_kept(browser, glance):
    glance.add(name="first", created_at=factories.ago(days=3))
    copy = glance.add(name="second", created_at=factories.ago(days=2))["id"]
    browser.login_as(factories.member())
    html = previewed(browser, PROJECT_URL, kind="duplicates")
    assert "first" in html
    assert title(html) == "1 image can be deleted"
    deleted(browser, PROJECT_URL, html)
    assert in_bin(glance) == {copy}


def test_earlier_versions_of_a_family(browser, glance):
    roles = [FORMER, FORMER, FORMER, LATEST, NEW]
    ids = [factories.image_id() for _ in roles]
    for days, (image_id, role) in enumerate(zip(ids, roles, strict=True)):
        signed = family_property(image_id, factories.PROJECT, Family("ubuntu <24>", "", role))
        glance.add(id=image_id, created_at=factories.ago(days=9 - days), **signed)
    browser.login_as(factories.member())
    html = previewed(browser, PROJECT_URL, kind="family", number_family="2")
    assert title(html) == "2 images can be deleted"
    assert "ubuntu &lt;24&gt;" in html
    deleted(browser, PROJECT_URL, html)
    # The latest version and the newest of the others stay, and so does the next one.
    assert in_bin(glance) == set(ids[:2])


def test_a_preview_asks_each_service_once_for_an_image(browser, glance, monkeypatch):
    asked = []

    def using(_request, image_id, *, everywhere):
        asked.append(image_id)
        return Uses()

    monkeypatch.setattr(instances, "using", using)
    images = {glance.add(**SNAPSHOT)["id"] for _ in range(30)}
    for _ in range(30):
        glance.add()
    html = text_of(browser.login_as(factories.member()).post(PROJECT_URL, SNAPSHOTS_180))
    assert goes_on(html)
    assert len(asked) == check.PORTION
    # The lists, and those found by their IDs.
    assert len(glance.calls) <= 2 + 2
    text_of(browser.post(PROJECT_URL, {"state": field_of(html)}))
    assert sorted(asked) == sorted(images)


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "snapshots", "number_snapshots": "0"},
        {"kind": "snapshots", "number_snapshots": "x"},
        {"kind": "snapshots", "number_snapshots": "9" * 5000},
        {"kind": "snapshots"},
        {"kind": "family", "number_family": "21"},
        {"kind": "everything"},
        {},
    ],
)
def test_a_rule_that_is_not_valid_finds_nothing(browser, glance, rule):
    glance.add(**SNAPSHOT)
    browser.login_as(factories.member())
    html = text_of(browser.post(PROJECT_URL, {"sent": "1", **rule}))
    assert 'role="alert"' in html
    assert "data-hip-rules-preview" not in html


def test_nobody_goes_on_with_a_preview_of_others(browser, glance):
    image = glance.add(**SNAPSHOT)["id"]
    browser.login_as(factories.domain_admin())
    state = field_of(previewed(browser, ADMIN_URL))
    for person, url in (
        (factories.other_domain_admin(), ADMIN_URL),
        (factories.domain_admin(), PROJECT_URL),
        (factories.cloud_admin(), ADMIN_URL),
        (factories.reader(), PROJECT_URL),
    ):
        browser.login_as(person)
        html = text_of(browser.post(url, {"state": state, "delete": "1"}))
        assert "Preview again" in html
        assert "Preview again" in text_of(browser.post(url, {"deleting": state}))
    browser.login_as(factories.domain_admin())
    assert "Preview again" in text_of(browser.post(ADMIN_URL, {"state": state[:-1] + "x"}))
    # A preview is no order to delete.
    assert "Preview again" in text_of(browser.post(ADMIN_URL, {"deleting": state}))
    assert not deletion_of(Image.from_glance(glance.images[image]))


def test_more_images_than_a_list_are_folded(browser, glance):
    for _ in range(53):
        glance.add(**SNAPSHOT)
    html = previewed(browser.login_as(factories.member()), PROJECT_URL)
    assert "3 further images" in html


@pytest.fixture
def admin(browser, keystone):
    return browser.login_as(factories.domain_admin())


def rules_in_glance(person=None, domain=factories.DOMAIN):
    request = factories.request(person or factories.cloud_admin())
    return stored_rules.rules_get(request, domain).stored


def test_an_admin_stores_and_removes_a_rule_of_the_domain(admin, glance):
    admin.post(STORED_URL, SNAPSHOTS_180)
    (found,) = rules_in_glance()
    assert (found.rule, found.by) == (Rule(SNAPSHOTS, 180), "kim")
    assert found.user_id == factories.domain_admin().id
    (namespace,) = glance.metadefs.values()
    assert (namespace["visibility"], namespace["protected"]) == ("private", True)
    html = text_of(admin.get(ADMIN_URL))
    assert "Snapshots older than 180 days that nothing uses" in html
    admin.post(STORED_URL, {"kind": "snapshots", "number_snapshots": "30"})
    admin.post(STORED_URL, {"kind": "duplicates"})
    assert [each.rule.number for each in rules_in_glance()] == [30, 0]
    admin.post(STORED_URL, {"kind": "snapshots", "remove": "1"})
    assert [each.rule.kind for each in rules_in_glance()] == ["duplicates"]


def test_no_other_domain_sees_or_changes_it(admin, browser, glance):
    admin.post(STORED_URL, SNAPSHOTS_180, follow=True)
    browser.login_as(factories.other_domain_admin())
    html = text_of(browser.get(f"{ADMIN_URL}?domain={factories.DOMAIN}"))
    assert "180 days" not in html
    browser.post(f"{STORED_URL}?domain={factories.DOMAIN}", {"kind": "snapshots", "remove": "1"})
    assert rules_in_glance()
    assert rules_in_glance(domain=factories.OTHER_DOMAIN) == ()


def test_rules_that_are_not_signed_are_said(admin, glance, settings):
    admin.post(STORED_URL, SNAPSHOTS_180, follow=True)
    (namespace,) = glance.metadefs.values()
    namespace["properties"]["rules"]["description"] += "x"
    html = text_of(admin.get(ADMIN_URL))
    assert "has not signed" in html
    assert "180 days" not in html
    admin.post(STORED_URL, {"kind": "duplicates"})
    assert [each.rule.kind for each in rules_in_glance()] == ["duplicates"]


def test_a_member_is_shown_that_it_needs_an_admin(browser, glance):
    html = text_of(browser.login_as(factories.member()).get(PROJECT_URL))
    assert "Only an admin can have a rule applied automatically" in html
    assert not any("metadefs" in call.path for call in glance.calls)


def test_a_rule_that_cannot_be_stored_is_said(admin, glance):
    refused = exceptions.ImageForbidden("Not you.", 403)
    glance.failing["POST /v2/metadefs/namespaces"] = refused
    response = admin.post(STORED_URL, SNAPSHOTS_180, follow=True)
    assert "could not be stored" in response.content.decode()


def test_of_all_domains_the_names_of_further_projects_are_not_read(
    browser, glance, keystone, monkeypatch
):
    """Each would be a request to Keystone; of a domain they are known together."""
    monkeypatch.setattr(rows, "SHOWN", 1)
    monkeypatch.setattr(rows, "PROJECTS", 1)
    monkeypatch.setattr(views, "SHOWN", 1)
    asked, names = [], projects.project_names
    monkeypatch.setattr(
        projects, "project_names", lambda request, ids: asked.extend(ids) or names(request, ids)
    )
    for number in range(8):
        glance.add(owner=(factories.SIBLING, factories.FOREIGN)[number % 2], **SNAPSHOT)
    glance.add(owner=factories.PROJECT, size=1, **SNAPSHOT)
    browser.login_as(factories.cloud_admin())
    html = previewed(browser, f"{ADMIN_URL}?domain=all")
    assert "9 images can be deleted" in html
    # The one of the first image, and the one with the most bytes.
    assert 1 <= len(set(asked)) <= 2
    assert factories.PROJECT not in asked


@pytest.fixture
def two_projects(glance):
    return {
        owner: glance.add(name=f"of {owner[:3]}", owner=owner, **SNAPSHOT)["id"]
        for owner in (factories.PROJECT, factories.SIBLING, factories.FOREIGN)
    }


def test_a_preview_is_limited_to_projects(browser, glance, two_projects):
    """By name and ID; the deletion as well."""
    browser.login_as(factories.domain_admin())
    for written in ("shop", factories.SIBLING, f"  shop \n\n{factories.SIBLING}"):
        html = previewed(browser, ADMIN_URL, **SNAPSHOTS_180, projects=written)
        assert title(html) == "1 image can be deleted"
        assert "Only in the project" in html
        assert "of 222" in html
    deleted(browser, ADMIN_URL, html)
    assert in_bin(glance) == {two_projects[factories.SIBLING]}


@pytest.mark.parametrize(
    "written", ["nowhere", "lab", factories.FOREIGN, "<b>", "\n".join(map(str, range(21)))]
)
def test_projects_that_the_panel_does_not_have(browser, glance, two_projects, written):
    browser.login_as(factories.domain_admin())
    html = text_of(browser.post(ADMIN_URL, {**SNAPSHOTS_180, "projects": written}))
    assert "There is no project" in html or "Enter at most 20 projects" in html
    assert "hip_rules_found" not in html
    browser.post(STORED_URL, {**SNAPSHOTS_180, "project": [written]})
    assert not glance.metadefs


TEAMS = [f"team-{number}" for number in range(20)]


def test_projects_of_all_domains_take_one_request_each(browser, glance, keystone):
    """In parallel, and none asks for a name as if it were an ID."""
    owner = f"{7:032x}"
    keystone.projects |= {f"{n:032x}": (team, factories.DOMAIN) for n, team in enumerate(TEAMS)}
    threads, called = set(), keystone._called

    def noted(*call):
        threads.add(threading.get_ident())
        time.sleep(0.01)
        called(*call)

    keystone._called = noted
    browser.login_as(factories.cloud_admin())
    written = "\n".join([*TEAMS[:7], *TEAMS[8:], owner])
    html = text_of(browser.post(f"{ADMIN_URL}?domain=all", {**SNAPSHOTS_180, "projects": written}))
    assert "There is no project" not in html
    assert keystone.calls.count(("projects", None)) == 19
    assert {what for kind, what in keystone.calls if kind == "project"} <= set(keystone.projects)
    assert len(threads) > 1


def test_the_projects_of_a_domain_are_read_once_for_all_lines(
    browser, glance, keystone, monkeypatch
):
    keystone.projects |= {f"{n:032x}": (team, factories.DOMAIN) for n, team in enumerate(TEAMS)}
    read, project_list = [], projects.project_list

    def noted(request, domain_id):
        read.append(domain_id)
        return project_list(request, domain_id)

    browser.login_as(factories.domain_admin())
    monkeypatch.setattr(project_limit.projects, "project_list", noted)
    counts = []
    for written in (TEAMS[:1], TEAMS):
        read.clear()
        data = {**SNAPSHOTS_180, "projects": "\n".join(written)}
        assert "There is no project" not in text_of(browser.post(ADMIN_URL, data))
        counts.append(len(read))
    assert counts[0] == counts[1]


def test_the_projects_of_a_manager_are_one_set_for_a_page(monkeypatch):
    made = []

    def own(_request):
        made.append(1)
        return [projects.Project(factories.PROJECT, "web", factories.DOMAIN)]

    monkeypatch.setattr(domain_scope, "user_projects_of", own)
    request = factories.request(factories.member())
    found = [domain_scope.DOMAIN.has_project(request, id_) for id_ in factories.PROJECTS]
    assert found.count(True) == 1
    assert len(made) == 1


def test_a_member_has_no_limit(browser, glance, two_projects):
    html = previewed(
        browser.login_as(factories.member()), PROJECT_URL, **SNAPSHOTS_180, projects="shop"
    )
    assert title(html) == "1 image can be deleted"
    assert "of 111" in html
    assert "hip_rules_projects" not in html


def test_a_rule_for_projects_is_stored_beside_one_for_all(browser, glance, caplog):
    browser.login_as(factories.domain_admin())
    browser.post(STORED_URL, SNAPSHOTS_180)
    limited = {"kind": "snapshots", "number_snapshots": "30", "project": [factories.SIBLING]}
    browser.post(STORED_URL, limited)
    with caplog.at_level("INFO"):
        browser.post(STORED_URL, {**limited, "number_snapshots": "40"})
    of_one = f"snapshots 40 (projects: {factories.SIBLING})"
    assert f": snapshots 180, {of_one}" in caplog.text
    html = text_of(browser.get(ADMIN_URL))
    assert html.count('name="remove"') == 2
    assert "older than 40 days" in html
    assert "older than 180 days" in html
    assert ">\u2068shop\u2069<" in html or "shop" in html
    browser.post(STORED_URL, {"kind": "snapshots", "project": [factories.SIBLING], "remove": "1"})
    html = text_of(browser.get(ADMIN_URL))
    assert "older than 40 days" not in html
    assert "older than 180 days" in html


def test_the_number_of_stored_rules_is_limited(browser, glance, monkeypatch):
    monkeypatch.setattr("helion_images_panel.ui.rules.stored.MOST_RULES", 1)
    browser.login_as(factories.domain_admin())
    browser.post(STORED_URL, SNAPSHOTS_180)
    browser.post(STORED_URL, {"kind": "duplicates"})
    html = text_of(browser.get(ADMIN_URL))
    assert html.count('name="remove"') == 1
    # One in its place is none more.
    browser.post(STORED_URL, {**SNAPSHOTS_180, "number_snapshots": "90"})
    assert "older than 90 days" in text_of(browser.get(ADMIN_URL))
