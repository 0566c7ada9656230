# SPDX-License-Identifier: Apache-2.0
import re
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.http import QueryDict
from django.utils import timezone, translation

from helion_images_panel import exceptions, ui
from helion_images_panel.core.query import ONE_VALUE, SEVERAL_VALUES
from helion_images_panel.ui.listing.filters import FilterBar
from helion_images_panel.ui.listing.query import query_of
from helion_images_panel.ui.scopes.admin_scope import ADMIN
from helion_images_panel.ui.scopes.scope import PROJECT
from tests import factories
from tests.integration.markup import parse
from tests.unit.permissions import path
from tests.unit.ui.test_pages import rows


def bar(person, scope, parameters=None):
    request = factories.request(factories.PEOPLE[person]())
    request.GET = QueryDict(urlencode(parameters or {}, doseq=True))
    request.path = scope.url("index")
    bound = scope.bound(request)
    return FilterBar(request, bound, query_of(request, bound))


def names(filter_bar):
    return [choice.name for choice in (*filter_bar.choices, *filter_bar.fields)]


def test_everybodys_filters():
    assert names(bar("member", PROJECT)) == [
        "sort", "status", "format", "visibility", "type", "protected", "ends", "hidden",
        "os_distro", "os_version", "architecture", "tag", "size_from", "size_to",
        "created_from", "created_to", "updated_from", "updated_to", "property", "checksum",
    ]  # fmt: skip
    assert "deactivated" in dict(bar("member", PROJECT).fields[0].options)


def test_stores_are_offered_where_images_have_them(browser, glance):
    browser.login_as(factories.member())
    field, url = 'name="store"', "/project/images/"
    del glance.add()["stores"]
    assert field not in browser.get(url).content.decode()
    for value in ("fast", "x" * 256):
        assert field in browser.get(url, {"store": value}).content.decode()
    glance.add(stores="fast,archive")
    html = browser.get(url).content.decode()
    assert html.index('name="tag"') < html.index(field) < html.index('name="size_from"')


def test_domains_are_the_cloud_admins_to_choose(keystone):
    assert names(bar("cloud_admin", ADMIN))[0] == "domain"
    assert "domain" not in names(bar("domain_admin", ADMIN))
    assert "domain" not in names(bar("cloud_admin", PROJECT))


def test_the_domain_that_is_shown_is_the_one_chosen(keystone):
    choice = bar("cloud_admin", ADMIN, {"domain": factories.DOMAIN}).choices[0]
    assert choice.value == factories.DOMAIN
    assert [value for value, _label in choice.options] == [
        "all", factories.DOMAIN, factories.CLOUD_DOMAIN, factories.OTHER_DOMAIN,
    ]  # fmt: skip
    assert bar("cloud_admin", ADMIN, {"domain": "all"}).choices[0].value == "all"


def test_every_link_leaves_a_domain_that_does_not_exist(keystone):
    filter_bar = bar("cloud_admin", ADMIN, {"domain": "nowhere", "name": "x"})
    assert filter_bar.clear_url == "/admin/images/"
    assert not any("nowhere" in view.url for view in filter_bar.quick_views)
    assert [pill.url for pill in filter_bar.pills] == ["/admin/images/"]
    choice = filter_bar.choices[0]
    assert choice.value == "nowhere"
    assert ("nowhere", "nowhere") in choice.options, "it is shown until another one is chosen"
    assert choice.error


def test_owners_that_the_operator_singles_out(keystone, settings):
    settings.IMAGES_LIST_FILTER_TENANTS = [{"text": "Official", "tenant": "t1"}]
    (owner,) = [f for f in bar("member", PROJECT).fields if f.name == "owner"]
    assert [value for value, _label in owner.options] == ["", factories.PROJECT, "t1"]
    (owner,) = [f for f in bar("domain_admin", ADMIN).fields if f.name == "owner"]
    assert not owner.options


def test_the_owner_in_the_field_finds_the_images_again(keystone, glance):
    """The pill isolates the name from its other words; the field has it as it is searched."""
    keystone.projects[factories.FOREIGN] = ("\u05d0\u05d1", factories.OTHER_DOMAIN)
    query = {"domain": "all", "owner": factories.FOREIGN}
    filters = bar("cloud_admin", ADMIN, query)
    (owner,) = [field for field in filters.fields if field.name == "owner"]
    (pill,) = filters.pills
    assert owner.value == f"\u05d0\u05d1 ({factories.DOMAINS[factories.OTHER_DOMAIN]})"
    assert pill.value == f"\u2068{owner.value}\u2069"
    again = bar("cloud_admin", ADMIN, {**query, "owner": owner.value})
    assert not again.errors


def test_clearing_keeps_the_domain(keystone):
    filter_bar = bar("cloud_admin", ADMIN, {"domain": "all", "name": "x"})
    assert filter_bar.pills
    assert filter_bar.clear_url == "/admin/images/?domain=all"
    assert bar("member", PROJECT, {"name": "x"}).clear_url == "/project/images/"
    assert not bar("member", PROJECT).pills


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"name": "in:a,b"}, ["in:a,b"]),
        ({"name": "nothing"}, []),
        ({"status": "queued"}, ["queued"]),
        ({"format": "ova"}, ["ova"]),
        ({"visibility": "community"}, ["community"]),
        ({"owner": factories.FOREIGN}, ["foreign"]),
    ],
)
def test_filters_of_the_url(browser, glance, query, expected):
    ids = {
        glance.add(name="in:a,b")["id"]: "in:a,b",
        glance.add(name="q", status="queued")["id"]: "queued",
        glance.add(name="o", disk_format="vmdk", container_format="ova")["id"]: "ova",
        glance.add(name="c", visibility="community")["id"]: "community",
        glance.add(name="f", visibility="public", owner=factories.FOREIGN)["id"]: "foreign",
    }
    response = browser.login_as(factories.member()).get(path("project", "index"), query)
    assert [ids[id_] for id_ in rows(response)] == expected


@pytest.mark.parametrize(("panel", "person"), [("project", "member"), ("admin", "domain_admin")])
def test_hidden_images_are_listed_apart(browser, glance, panel, person):
    hidden = [glance.add(name=name, os_hidden=True)["id"] for name in "ab"]
    shown = glance.add(name="c")["id"]
    browser.login_as(factories.PEOPLE[person]())
    assert rows(browser.get(path(panel, "index"))) == [shown]
    assert rows(browser.get(path(panel, "index"), {"hidden": "true"})) == hidden


def test_a_filter_of_one_panel_does_not_leak_into_the_other(browser, glance):
    image_id = glance.add(name="x", owner=factories.SIBLING)["id"]
    browser.login_as(factories.domain_admin())
    assert rows(browser.get(path("admin", "index"), {"name": "nothing"})) == []
    assert rows(browser.get(path("project", "index"))) == [image_id]
    assert rows(browser.get(path("admin", "index"))) == [image_id]


def test_paging_keeps_the_filter_and_the_domain(browser, glance):
    for _ in range(25):
        glance.add(name="a&b=c")
    browser.login_as(factories.cloud_admin())
    query = {"name": "a&b=c", "domain": factories.DOMAIN}
    html = browser.get(path("admin", "index"), query).content.decode()
    links = re.findall(r'href="(\?[^"]*marker=[^"]*)"', html)
    assert links
    assert all("name=a%26b%3Dc" in link for link in links)
    assert all(f"domain={factories.DOMAIN}" in link for link in links)


@pytest.mark.parametrize("name", factories.HOSTILE_NAMES)
def test_what_was_searched_for_is_only_text(browser, name):
    browser.login_as(factories.member())
    html = browser.get(path("project", "index"), {"name": name}).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert re.search(r"<form[^>]*hip-filters[^>]*ng-non-bindable", html)


#: A wrong value of each filter, and a part of its message.
WRONG = {
    "status": ("broken", "“broken” is not one of the choices."),
    "format": ("floppy", "“floppy” is not one of the choices."),
    "visibility": ("galactic", "“galactic” is not one of the choices."),
    "type": ("iso", "“iso” is not one of the choices."),
    "protected": ("maybe", "“maybe” is not one of the choices."),
    "ends": ("never", "“never” is not one of the choices."),
    "hidden": ("false", "“false” is not one of the choices."),
    "os_distro": ("x" * 256, "The value is too long. Enter at most 255 characters."),
    "os_version": ("x" * 256, "The value is too long. Enter at most 255 characters."),
    "architecture": ("x" * 256, "The value is too long. Enter at most 255 characters."),
    "store": ("x" * 256, "The value is too long. Enter at most 255 characters."),
    "tag": ("x" * 256, "A tag has at most 255 characters."),
    "size_from": ("<b>", "“<b>” is not a size."),
    "size_to": ("9" * 25, "is larger than any image."),
    "created_from": ("2026-02-30", "“2026-02-30” is not a date."),
    "created_to": ("tomorrow", "“tomorrow” is not a date."),
    "updated_from": ("01.02.2026", "“01.02.2026” is not a date."),
    "updated_to": ("2026-13-01", "“2026-13-01” is not a date."),
    "property": ("virtio", "“virtio” has no name and value."),
    "checksum": ("a" * 40, "It has 40 digits; a SHA-256 checksum has 64"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_named_at_its_field(browser, glance, name):
    glance.add(name="shown to nobody")
    value, message = WRONG[name]
    response = browser.login_as(factories.member()).get(path("project", "index"), {name: value})
    tree = parse(response.content.decode())
    field = tree.first(id=f"hip_filter_{name}")
    assert field["aria-invalid"] == "true"
    described = [tree.first(id=id_).text for id_ in field["aria-describedby"].split()]
    assert message in described[0]
    chosen = [option["value"] for option in field.all("option") if "selected" in option.attributes]
    assert value in (field.get("value"), field.raw_text.removeprefix("\n"), *chosen)
    assert "open" in tree.first("details", "hip-add-filter").attributes
    # In the place of the list, which would be another one.
    assert rows(response) == []
    assert glance.listed() == []
    assert "Correct the filter." in tree.text
    assert "No images match the filter." not in tree.text


def test_every_filter_has_a_wrong_value_above_or_takes_any_text():
    assert {*ONE_VALUE, *SEVERAL_VALUES} - WRONG.keys() == {"name", "view", "owner"}


def test_right_values_are_not_marked(browser, glance):
    query = {"size_from": "1 GiB", "status": "active", "tag": "a", "property": "a=b"}
    response = browser.login_as(factories.member()).get(path("project", "index"), query)
    html = response.content.decode()
    assert "aria-invalid" not in html
    assert '<details class="hip-add-filter" data-hip-menu>' in html


def test_the_wrong_one_of_several_properties_stays_in_the_field(browser, glance):
    query = {"property": ["a=1", "min_disk=2", "b=3"], "tag": ["t"]}
    response = browser.login_as(factories.member()).get(path("project", "index"), query)
    tree = parse(response.content.decode())
    assert tree.first(id="hip_filter_property")["value"] == "min_disk=2"
    kept = [
        (e["name"], e["value"])
        for e in tree.first("form", "hip-filters").all("input", type="hidden")
    ]
    assert sorted(kept) == [("property", "a=1"), ("property", "b=3"), ("tag", "t")]


def test_no_filter_is_lost_with_the_form(browser, glance):
    """What the form sends again is what the URL had."""
    query = {
        "name": "x", "view": "unfinished", "format": "qcow2", "visibility": "shared",
        "hidden": "true", "protected": "false", "type": "volume_snapshot", "os_distro": "ubuntu",
        "os_version": "24.04", "architecture": "x86_64", "size_from": "1 KiB", "size_to": "1,5 GiB",
        "created_from": "2026-01-01", "created_to": "2026-12-31", "updated_from": "2026-01-01",
        "updated_to": "2026-12-31", "checksum": "a" * 128, "ends": "dated", "store": "fast",
        "tag": ["a", "b"], "property": ["c=d", "e=f=g"], "owner": factories.PROJECT,
    }  # fmt: skip
    assert query.keys() | {"status"} == {*ONE_VALUE, *SEVERAL_VALUES}
    response = browser.login_as(factories.member()).get(path("project", "index"), query)
    form = parse(response.content.decode()).first("form", "hip-filters")
    sent = [(e["name"], e.get("value")) for e in form.all("input") if e.get("name")]
    sent += [(e["name"], e.raw_text.removeprefix("\n")) for e in form.all("textarea")]
    sent += [
        (select["name"], option["value"])
        for select in form.all("select")
        for option in select.all("option")
        if "selected" in option.attributes
    ]
    whole = [
        (name, each)
        for name, value in query.items()
        for each in ([value] if isinstance(value, str) else value)
    ]
    assert sorted(pair for pair in sent if pair[1] and pair[0] != "sort") == sorted(whole)


def test_pills_of_several_properties(keystone):
    filter_bar = bar("member", PROJECT, {"property": ["a=1", "b=2"], "checksum": "a" * 128})
    found = {f"{p.label}: {p.value}": parse_qs(urlsplit(p.url).query) for p in filter_bar.pills}
    assert found == {
        "Property: a=1": {"property": ["b=2"], "checksum": ["a" * 128]},
        "Property: b=2": {"property": ["a=1"], "checksum": ["a" * 128]},
        "Checksum: SHA-512 aaaaaaaaaaaa…": {"property": ["a=1", "b=2"]},
    }


def test_a_pill_of_a_tag_that_shows_nothing_has_its_characters(keystone):
    pills = bar("member", PROJECT, {"tag": ["\u200b ", "a "]}).pills
    assert [pill.value for pill in pills] == ["U+200B U+0020", "a "]


def test_sizes_and_days_are_those_of_the_user():
    request = factories.request(factories.member())
    request.GET = QueryDict("size_from=1.500+MB&created_from=2026-11-28")
    with translation.override("de"), timezone.override("Europe/Berlin"):
        query = query_of(request, PROJECT)
        assert [error.kind for error in query.errors.values()] == ["grouped_size"]
        assert query.glance_parameters()["created_at"] == "gte:2026-11-27T23:00:00Z"
    with translation.override("en"):
        assert query_of(request, PROJECT).errors == {}


@pytest.mark.parametrize(
    ("person", "written", "project", "label"),
    [
        ("domain_admin", "shop", factories.SIBLING, "shop"),
        ("domain_admin", " SHOP ", factories.SIBLING, "shop"),
        ("domain_admin", factories.SIBLING, factories.SIBLING, "shop"),
        ("cloud_admin", "lab", factories.FOREIGN, "lab (Globex)"),
        ("cloud_admin", "lab (Globex)", factories.FOREIGN, "lab (Globex)"),
        ("cloud_admin", factories.FOREIGN, factories.FOREIGN, "lab (Globex)"),
        # Images may outlive their project.
        ("cloud_admin", "5" * 32, "5" * 32, "5" * 32),
    ],
)
def test_an_owner_is_found_by_name(browser, glance, keystone, person, written, project, label):
    image_id = glance.add(owner=project)["id"]
    glance.add(owner=factories.CLOUD_PROJECT)
    browser.login_as(factories.PEOPLE[person]())
    query = {"owner": written, "domain": "all", "sort": "-name"}
    response = browser.get(path("admin", "index"), query)
    if written != project:
        assert response.status_code == 302
        url = urlsplit(response["Location"])
        assert parse_qs(url.query) == {n: [v] for n, v in {**query, "owner": project}.items()}
        response = browser.get(response["Location"])
    assert rows(response) == [image_id]
    tree = parse(response.content.decode())
    form = tree.first("form", "hip-filters")
    # Another one that is entered is not overruled.
    assert [each["value"] for each in form.all("input", name="owner")] == [label]
    assert f"Owner: {label}" in tree.first("ul", "hip-filters-pills").text


@pytest.mark.parametrize("written", ["lab", "lab (Globex)", factories.FOREIGN, "no such", "5" * 32])
def test_a_domains_admin_learns_nothing_of_other_projects(browser, glance, keystone, written):
    glance.add(owner=factories.FOREIGN)
    browser.login_as(factories.domain_admin())
    response = browser.get(path("admin", "index"), {"owner": written})
    tree = parse(response.content.decode())
    assert rows(response) == []
    message = tree.first(id="hip_filter_owner_error").text
    assert message == (
        f"There is no project “{written}” in this list. Enter the name or the ID of a project."
    )
    offered = [
        each["value"]
        for each in tree.first("datalist", id="hip_filter_owner_offered").all("option")
    ]
    assert offered == ["shop", "web"]


def test_a_name_in_two_domains_needs_its_domain(browser, glance, keystone):
    keystone.projects["6" * 32] = ("shop", factories.OTHER_DOMAIN)
    browser.login_as(factories.cloud_admin())
    response = browser.get(path("admin", "index"), {"owner": "shop", "domain": "all"})
    message = parse(response.content.decode()).first(id="hip_filter_owner_error").text
    assert message.startswith("Several projects have this name. Enter one of these: ")
    assert "shop (Acme)" in message
    assert "shop (Globex)" in message


def test_an_owner_that_cannot_be_looked_up(browser, glance, keystone):
    browser.login_as(factories.cloud_admin())
    keystone.failing = exceptions.ImageServiceError("down", 503)
    response = browser.get(path("admin", "index"), {"owner": "lab", "domain": "all"})
    assert "The project “lab” could not be looked up." in response.content.decode()


def test_a_domain_that_does_not_exist(browser, glance, keystone):
    glance.add()
    browser.login_as(factories.cloud_admin())
    response = browser.get(path("admin", "index"), {"domain": "nowhere"})
    assert rows(response) == []
    assert "Domain: “nowhere” is not one of the choices." in parse(response.content.decode()).text
    browser.login_as(factories.domain_admin())
    assert rows(browser.get(path("admin", "index"), {"domain": "nowhere"}))


def test_all_lists_read_the_filters_in_one_way():
    """In the zone and the language of the user, and with what services say of them."""
    package = Path(ui.__file__).parent
    readers = [
        file.name for file in package.rglob("*.py") if "ImageQuery.from_url(" in file.read_text()
    ]
    assert readers == ["query.py"]


def test_the_lines_of_a_list_of_checksums_stay_apart(browser, glance):
    """One of them would be taken for the one that is meant."""
    text = f"{'a' * 64}  one.img\r\n{'b' * 64}  two.img"
    response = browser.login_as(factories.member()).get(
        path("project", "index"), {"checksum": text}
    )
    tree = parse(response.content.decode())
    assert tree.first("textarea", name="checksum").raw_text.removeprefix("\n") == text
    assert "The text has several checksums." in tree.first(id="hip_filter_checksum_error").text
