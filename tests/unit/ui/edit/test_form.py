# SPDX-License-Identifier: Apache-2.0
"""Edit Image: what the person changed goes to Glance, and nothing else."""

import re
from html import unescape

import pytest

from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import (
    CLOUD,
    DOMAIN,
    PROPERTY,
    Publication,
    publication_of,
    publication_property,
)
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import path

LONG = "A long description.\r\n" * 40 + "With a blank at the end. "

PUBLIC_ID = factories.image_id()
IMAGES = {
    "plain": {},
    "full": {
        "description": "Two\nlines",
        "architecture": "x86_64",
        "min_disk": 4,
        "min_ram": 512,
        "protected": True,
        "visibility": "shared",
    },
    "blanks": {"name": "  cirros ", "description": " text \n\n", "architecture": " odd "},
    "long": {"description": LONG.replace("\r\n", "\n")},
    "carriage returns": {"description": "a\r\nb\rc\n"},
    "no name": {"name": None},
    "empty properties": {"description": "", "architecture": ""},
    "unknown visibility": {"visibility": "galactic"},
    "public": {
        "id": PUBLIC_ID,
        "visibility": "public",
        **publication_property(PUBLIC_ID, Publication(CLOUD, "shared")),
    },
    "machine image": {"disk_format": "ami", "container_format": "ami", "kernel_id": "k"},
}


def fields_of(html):
    """What a browser would send of the form as it stands: disabled fields are left out."""
    data = {}
    form = re.search(r'(?s)<form[^>]*id="[a-z_]*form".*?</form>', html)[0]
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        checked = "checkbox" not in tag or "checked" in tag
        if name and name[1] and checked and "disabled" not in tag:
            data[name[1]] = unescape(value[1]) if value else ("on" if "checkbox" in tag else "")
    for name, disabled, text in re.findall(
        r'(?s)<textarea[^>]*name="([^"]*)"([^>]*)>\r?\n?(.*?)</textarea>', form
    ):
        if "disabled" not in disabled:
            data[name] = unescape(text)
    for name, options in re.findall(r'(?s)<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form):
        chosen = re.search(r'value="([^"]*)"\s[^>]*selected', options)
        data[name] = unescape(chosen[1]) if chosen else ""
    # Browsers send the ends of lines as CR LF, hidden fields too.
    return {name: re.sub("\r\n|\r|\n", "\r\n", value) for name, value in data.items()}


@pytest.fixture
def edit(browser, glance):
    """Opens the form on an image; gives what the browser would send untouched."""

    class Edit:
        def open(self, person=None, panel="project", **attributes):
            self.image = glance.add(**attributes)
            self.url = path(panel, "update", self.image["id"])
            browser.login_as(person or factories.member())
            self.html = browser.get(self.url).content.decode()
            self.data = fields_of(self.html)
            glance.calls.clear()
            return self

        def send(self, **changes):
            data = {**self.data, **changes}
            return browser.post(self.url, {k: v for k, v in data.items() if v is not None})

        @property
        def patches(self):
            return [call.body for call in glance.writes]

    return Edit()


@pytest.mark.parametrize("attributes", IMAGES.values(), ids=IMAGES)
@pytest.mark.parametrize("panel", ["project", "admin"])
def test_untouched_fields_send_nothing(edit, panel, attributes):
    person = factories.member() if panel == "project" else factories.domain_admin()
    before = dict(edit.open(person, panel, **attributes).image)
    response = edit.send()
    assert response.status_code == 302
    assert edit.patches == []
    assert edit.image == before


@pytest.mark.parametrize(
    ("changes", "patch"),
    [
        ({"name": "new"}, {"op": "replace", "path": "/name", "value": "new"}),
        ({"name": ""}, {"op": "replace", "path": "/name", "value": ""}),
        (
            {"description": "a\r\nb "},
            {"op": "add", "path": "/description", "value": "a\nb "},
        ),
        ({"description": ""}, {"op": "remove", "path": "/description"}),
        (
            {"description": LONG},
            {"op": "add", "path": "/description", "value": LONG.replace("\r\n", "\n")},
        ),
        (
            {"visibility": "private"},
            {"op": "replace", "path": "/visibility", "value": "private"},
        ),
        ({"protected": None}, {"op": "replace", "path": "/protected", "value": False}),
        ({"min_disk": "9"}, {"op": "replace", "path": "/min_disk", "value": 9}),
        ({"min_disk": ""}, {"op": "replace", "path": "/min_disk", "value": 0}),
        ({"min_ram": "1"}, {"op": "replace", "path": "/min_ram", "value": 1}),
        ({"min_ram": ""}, {"op": "replace", "path": "/min_ram", "value": 0}),
        (
            {"architecture": "aarch64"},
            {"op": "add", "path": "/architecture", "value": "aarch64"},
        ),
        ({"architecture": ""}, {"op": "remove", "path": "/architecture"}),
    ],
)
def test_one_changed_field_is_one_operation(edit, changes, patch):
    edit.open(**IMAGES["full"])
    assert edit.send(**changes).status_code == 302
    assert edit.patches == [[patch]]


def test_protecting_an_image_is_one_operation(edit):
    edit.open()
    edit.send(protected="on")
    assert edit.patches == [[{"op": "replace", "path": "/protected", "value": True}]]


def test_a_stale_form_does_not_take_back_what_somebody_else_changed(edit):
    edit.open(**IMAGES["full"])
    theirs = {"name": "theirs", "description": "theirs", "visibility": "private", "min_ram": 64}
    edit.image.update(theirs, protected=False)
    edit.send(min_disk="7")
    assert edit.patches == [[{"op": "replace", "path": "/min_disk", "value": 7}]]
    assert {name: edit.image[name] for name in theirs} == theirs


def test_clearing_a_property_that_is_gone_already_is_no_error(edit):
    edit.open(**IMAGES["full"])
    del edit.image["description"]
    assert edit.send(description="").status_code == 302
    assert edit.patches == []


@pytest.mark.parametrize("before", ["private", "shared", "community"])
def test_publishing_remembers_where_it_began_and_unpublishing_forgets(edit, before):
    edit.open(factories.domain_admin(), "admin", visibility=before)
    edit.send(visibility="public")
    assert edit.image["visibility"] == "public"
    assert publication_of(Image.from_glance(edit.image)) == Publication(CLOUD, before)
    edit.open(factories.domain_admin(), "admin", **edit.image)
    edit.send(visibility=before)
    assert edit.image["visibility"] == before
    assert PROPERTY not in edit.image


@pytest.mark.parametrize("visibility", ["public", "galactic", ""])
def test_a_visibility_that_was_not_offered_is_refused(edit, visibility):
    response = edit.open().send(visibility=visibility)
    assert response.status_code == 200
    assert edit.patches == []


@pytest.mark.parametrize(
    ("person", "panel", "offered"),
    [
        ("member", "project", ["private", "shared", "community"]),
        ("domain_admin", "admin", ["private", "shared", "domain", "community", "public"]),
    ],
)
def test_visibilities_that_policy_lets_the_person_give(edit, person, panel, offered):
    edit.open(factories.PEOPLE[person](), panel)
    select = re.search(r'(?s)<select[^>]*name="visibility".*?</select>', edit.html)[0]
    assert re.findall(r'value="([^"]*)"', select) == offered


DOMAINS = publication_property(
    PUBLIC_ID, Publication(DOMAIN, "private", factories.DOMAIN, (factories.SIBLING,))
)


@pytest.mark.parametrize(
    ("person", "panel", "offered"),
    [
        ("member", "project", ["domain"]),
        ("domain_admin", "admin", ["private", "domain", "public"]),
    ],
)
def test_what_was_given_to_a_domain_is_taken_back_by_who_may(edit, person, panel, offered):
    edit.open(factories.PEOPLE[person](), panel, id=PUBLIC_ID, visibility="shared", **DOMAINS)
    select = re.search(r'(?s)<select[^>]*name="visibility".*?</select>', edit.html)[0]
    assert re.findall(r'value="([^"]*)"', select) == offered
    assert edit.data["visibility"] == "domain"


@pytest.mark.parametrize(
    ("attributes", "chosen", "audience"),
    [
        ({"visibility": "private"}, "domain", "domain"),
        ({"id": PUBLIC_ID, "visibility": "shared", **DOMAINS}, "private", "own"),
    ],
)
def test_many_projects_are_a_matter_of_a_page_of_their_own(edit, attributes, chosen, audience):
    edit.open(factories.domain_admin(), "admin", **attributes)
    response = edit.send(visibility=chosen, name="new")
    where = f"{path('admin', 'publish')}?id={edit.image['id']}&audience={audience}"
    assert (response.status_code, response["Location"]) == (302, where)
    assert edit.patches == [[{"op": "replace", "path": "/name", "value": "new"}]]
    assert edit.send(visibility=chosen)["Location"] == where
    assert len(edit.patches) == 1


def test_a_visibility_that_is_not_offered_otherwise_is_while_the_image_has_it(edit):
    edit.open(visibility="public")
    select = re.search(r'(?s)<select[^>]*name="visibility".*?</select>', edit.html)[0]
    assert "public" in re.findall(r'value="([^"]*)"', select)


def test_forged_disabled_fields_are_ignored(edit):
    edit.open()
    response = edit.send(
        image_id="other", disk_format="raw", size="0", kernel="k", owner="me", status="active"
    )
    assert response.status_code == 302
    assert edit.patches == []


@pytest.mark.parametrize("name", ["image_id", "disk_format", "size"])
def test_fields_that_cannot_change_are_shaded(edit, name):
    edit.open()
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', edit.html)[0]
    assert "disabled" in tag


@pytest.mark.parametrize(("attributes", "shown"), [({}, False), ({"kernel_id": "k1"}, True)])
def test_kernel_is_shown_where_there_is_one(edit, attributes, shown):
    assert ('name="kernel"' in edit.open(**attributes).html) is shown


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "n" * 256},
        {"min_disk": "-1"},
        {"min_disk": "x"},
        {"min_ram": str(2**31)},
        {"description": "d" * 65536},
    ],
)
def test_impossible_values_are_refused_before_glance(edit, changes):
    response = edit.open().send(**changes)
    assert response.status_code == 200
    assert edit.patches == []


def test_a_refusal_of_glance_is_told_and_what_was_typed_stays(edit, glance):
    edit.open()
    key = f"PATCH /v2/images/{edit.image['id']}"
    glance.failing[key] = fakes.refusal(409, "Somebody was faster.")
    html = edit.send(name="my new name").content.decode()
    assert "The image was not changed. Somebody was faster." in html
    assert "my new name" in html


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("http://testserver/project/images/?marker=m&name=a", "/project/images/?marker=m&name=a"),
        ("http://testserver/project/images/{id}/", "/project/images/{id}/"),
        ("http://testserver/project/instances/", "/project/images/"),
        ("http://testserver.evil.example/project/images/", "/project/images/"),
        ("http://evil.example//project/images/", "/project/images/"),
        ("//evil.example/project/images/", "/project/images/"),
        ("http://[", "/project/images/"),
        ("", "/project/images/"),
    ],
)
def test_the_form_leads_back_to_where_it_was_opened_and_nowhere_else(
    browser, edit, came_from, leads_to
):
    edit.open()
    image_id = edit.image["id"]
    response = browser.post(edit.url, edit.data, HTTP_REFERER=came_from.format(id=image_id))
    assert response["location"].rstrip("?") == leads_to.format(id=image_id)


# What the cloud requires.

DEPARTMENT = {"department": {"type": "string", "enum": ["sales", "ops"]}}


@pytest.mark.parametrize("has_it", [False, True])
def test_a_property_that_is_missing_has_a_link_to_where_it_is_set(edit, browser, glance, has_it):
    glance.required = DEPARTMENT
    edit.open(name="before", **({"department": "ops"} if has_it else {}))
    html = edit.send(name="after").content.decode()
    assert "This cloud requires the property “department”" in html
    url = path("project", "metadata", edit.image["id"])
    assert (f'href="{url}"' in html) is not has_it
    assert glance.images[edit.image["id"]]["name"] == "before"


def test_nothing_more_is_asked_unless_glance_refuses(edit, glance):
    edit.open().send(name="after")
    assert "/v2/schemas/image" not in {call.path for call in glance.calls}


def test_what_is_required_is_read_once_for_several_refusals(edit, glance):
    glance.required = DEPARTMENT
    for expected in (1, 0, 0):
        edit.open().send(name="after")
        assert [call.path for call in glance.calls].count("/v2/schemas/image") == expected
