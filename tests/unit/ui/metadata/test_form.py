# SPDX-License-Identifier: Apache-2.0
import re
from html import unescape
from urllib.parse import quote

import pytest

from helion_images_panel.core.publication import PROPERTY
from helion_images_panel.ui.metadata.names import field_name
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import CHANGING, PermissionMatrix, path
from tests.unit.ui.edit.test_form import fields_of


@pytest.fixture
def form(browser, glance):
    class Form:
        def open(self, **attributes):
            self.image = glance.add(**attributes)
            self.url = path("project", "metadata", self.image["id"])
            browser.login_as(factories.member())
            self.html = browser.get(self.url).content.decode()
            self.data = fields_of(self.html)
            return self

        def send(self, **changes):
            return browser.post(self.url, self.data | changes)

        @property
        def patches(self):
            return [call.body for call in glance.writes]

    return Form()


OWN = (PROPERTY, "helion_images_expected", "helion_images_verified", "Helion_Images_of_tomorrow")


def test_a_field_for_each_property(form, settings):
    settings.IMAGE_CUSTOM_PROPERTY_TITLES = {"os_distro": "Operating System"}
    form.open(os_distro="debian", os_glance_failed_import="fast", **dict.fromkeys(OWN, "x"))
    names = {name for name in form.data if name.startswith("property.")}
    assert names == {"property.os_distro"}
    assert "Operating System" in form.html


@pytest.mark.parametrize("value", ["", " blanks ", "plain"])
def test_untouched_properties_send_nothing(form, value):
    assert form.open(os_distro=value, os_version=value).send().status_code == 302
    assert form.patches == []


@pytest.mark.parametrize(
    ("changes", "operation"),
    [
        (
            {"property.os_distro": "fedora"},
            {"op": "add", "path": "/os_distro", "value": "fedora"},
        ),
        ({"property.os_distro": ""}, {"op": "remove", "path": "/os_distro"}),
        (
            {"new_name": " hw_disk_bus ", "new_value": "scsi"},
            {"op": "add", "path": "/hw_disk_bus", "value": "scsi"},
        ),
    ],
)
def test_a_change_is_one_operation(form, changes, operation):
    form.open(os_distro="debian", os_version="13").send(**changes)
    assert form.patches == [[operation]]


def test_a_stale_form_does_not_take_back_what_somebody_else_changed(form):
    form.open(os_distro="debian", os_version="13")
    form.image["os_version"] = "14"
    form.send(**{"property.os_distro": "ubuntu"})
    assert form.image["os_version"] == "14"


@pytest.mark.parametrize(
    "name",
    ["visibility", "status", "owner", "id", "protected", *OWN, "os_glance_x", "os_distro",
     "a/b", "a b", "-x", "ä", "a" * 256],
)  # fmt: skip
def test_a_new_name_that_cannot_be_is_refused(form, name):
    response = form.open(os_distro="debian").send(new_name=name, new_value="x")
    assert response.status_code == 200
    assert form.patches == []


def test_posted_properties_that_the_image_does_not_have_are_ignored(form):
    forged = {
        "property.visibility": "public",
        "property.status": "active",
        "property.unknown": "x",
        "initial-property.unknown": "",
        "visibility": "public",
        **{f"property.{name}": "forged" for name in OWN},
    }
    form.open(os_distro="debian", **dict.fromkeys(OWN, "x"))
    assert form.send(**forged).status_code == 302
    assert form.patches == []


def test_a_value_needs_a_name(form):
    response = form.open().send(new_value="lonely")
    assert "Enter a name for this property." in response.content.decode()
    assert form.patches == []


def test_a_refusal_of_glance_is_told(form, glance):
    form.open()
    key = f"PATCH /v2/images/{form.image['id']}"
    glance.failing[key] = fakes.refusal(413, "Too many properties.")
    response = form.send(new_name="x", new_value="y")
    assert "The image was not changed. Too many properties." in response.content.decode()


def test_names_are_suggested_that_can_be_set(form, glance):
    properties = {
        "hw_disk_bus": {"title": "Disk <Bus>"},
        "os_distro": {"title": "Distribution"},
        "visibility": {"title": "No"},
    }
    glance.metadefs = {"ns": {"properties": properties}}
    form.open(os_distro="debian")
    datalist = re.search(r"(?s)<datalist.*?</datalist>", form.html)[0]
    assert re.findall(r'value="([^"]*)"', datalist) == ["hw_disk_bus"]
    assert "Disk &lt;Bus&gt;" in datalist


def test_without_definitions_the_form_still_works(form, glance):
    glance.failing["GET /v2/metadefs/namespaces"] = fakes.refusal(500, "no")
    assert form.open(os_distro="debian").send(new_name="a", new_value="b").status_code == 302
    assert len(form.patches) == 1


class TestWhoMaySearch(PermissionMatrix):
    page = "metadata/search"
    expected = CHANGING


DEFINED = {
    "OS::Hardware": {
        "display_name": "Hardware",
        "properties": {
            "hw_disk_bus": {"title": "Disk Bus", "type": "string", "enum": ["scsi", "virtio"]},
            "hw_cores": {"title": "Cores", "type": "integer", "minimum": 1, "default": 2},
            "hw_fixed": {"title": "Fixed", "type": "string", "readonly": True},
            "owner": {"title": "A trap", "type": "string"},
        },
    },
    "OS::Login": {
        "display_name": "Login",
        "objects": [
            {
                "name": "Account",
                "required": ["os_user", "os_shell"],
                "properties": {"os_user": {"title": "User"}, "os_shell": {"title": "Shell"}},
            }
        ],
    },
}


@pytest.fixture
def defined(form, glance):
    glance.metadefs = DEFINED
    return form


def rows(html):
    return re.findall(r'data-hip-property="([^"]*)"', html)


def test_properties_of_a_definition_have_its_title_and_widget(defined):
    defined.open(hw_disk_bus="scsi", hw_cores="4", note="x")
    assert rows(defined.html) == ["hw_cores", "hw_disk_bus", "note"]
    assert "<legend>Hardware</legend>" in defined.html
    assert "<legend>Other Properties</legend>" in defined.html
    assert re.search(r'<input type="number" name="property.hw_cores"[^>]*min="1"', defined.html)
    assert re.search(r'placeholder="2"', defined.html)
    assert '<option value="scsi" selected>' in defined.html


def test_an_operator_can_be_entered_before_a_number(form, glance):
    numbers = {"it_cores": {"title": "Cores", "type": "integer", "operators": [">="]}}
    glance.metadefs = {"OS::Numbers": {"display_name": "Numbers", "properties": numbers}}
    form.open(it_cores="4")
    assert re.search(r'<textarea name="property.it_cores"', form.html)
    form.send(**{"property.it_cores": ">= 8"})
    assert [each["value"] for (each,) in form.patches] == [">= 8"]


@pytest.mark.parametrize("value", ["many", " 4", "4.5", "0", "1\r\n2"])
def test_a_number_that_is_none_stays_a_text_field(defined, value):
    """A browser would drop it from a number field."""
    defined.open(hw_cores=value)
    assert not re.search(r'<input type="number" name="property.hw_cores"', defined.html)
    defined.send(**{"property.note": "x"})
    assert defined.patches == []


def test_adding_gives_the_form_back_and_writes_nothing(defined):
    defined.open(note="x")
    html = defined.send(add="1", new_name="hw_cores", new_value="9").content.decode()
    assert defined.patches == []
    assert rows(html) == ["hw_cores", "note"]
    assert 'name="added" value="hw_cores"' in html
    assert fields_of(html)["property.hw_cores"] == "9"
    assert fields_of(html)["new_name"] == ""
    assert 'class="form-group has-error"' not in html


def test_adding_a_group(defined):
    html = defined.open().send(add_section="OS::Hardware").content.decode()
    assert rows(html) == ["hw_cores", "hw_disk_bus"]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("owner", "cannot be set here"),
        ("hw_fixed", "cannot be set here"),
        ("a b", "Use only letters"),
        ("note", "already"),
    ],
)
def test_what_cannot_be_added(defined, name, complaint):
    html = defined.open(note="x").send(add="1", new_name=name).content.decode()
    assert complaint in html
    assert rows(html) == ["note"]


def test_typed_values_survive_adding(defined):
    defined.open(note="x")
    changes = {"property.note": "changed", "add_section": "OS::Hardware"}
    html = defined.send(**changes).content.decode()
    data = fields_of(html)
    assert (data["property.note"], data["initial-property.note"]) == ("changed", "x")


def test_what_is_required_with_it_is_shown_and_asked_for(defined):
    html = defined.open().send(add="1", new_name="os_user", new_value="root").content.decode()
    assert rows(html) == ["os_shell", "os_user"]
    response = defined.send(added="os_user", **{"property.os_user": "root"})
    assert "This property is required in Login: Account." in response.content.decode()
    response = defined.send(
        added="os_user", **{"property.os_user": "root", "property.os_shell": "sh"}
    )
    assert response.status_code == 302
    assert {each["path"] for each in defined.patches[0]} == {"/os_user", "/os_shell"}


def test_what_is_required_of_a_new_property_is_said_there(defined):
    response = defined.open().send(new_name="os_user", new_value="root")
    assert "This property is required in Login: Account." in response.content.decode()
    assert defined.patches == []


def test_remove(defined):
    defined.open(note="x", hw_fixed="y", other="z")
    defined.send(remove="note")
    assert defined.patches == [[{"op": "remove", "path": "/note"}]]
    defined.send(remove="hw_fixed")
    defined.send(remove="name")
    assert len(defined.patches) == 1


def test_a_protected_property_is_named(defined, glance):
    defined.open(note="x")
    key = f"PATCH /v2/images/{defined.image['id']}"
    glance.failing[key] = fakes.refusal(403, "Attribute 'note' is reserved.")
    html = defined.send(**{"property.note": "y"}).content.decode()
    assert "do not have permission to change the property note" in html


def test_what_the_image_has_is_not_searched_for(defined, browser):
    defined.open(hw_disk_bus="scsi")
    found = browser.get(defined.url + "search/", {"q": "hardware"}).json()["found"]
    assert [each["value"] for each in found] == ["hw_cores", "hardware"]
    found = browser.get(defined.url + "search/").json()["found"]
    assert {each["value"] for each in found} == {"OS::Hardware", "OS::Login/Account"}


@pytest.mark.parametrize(
    ("asked", "offered"),
    [("my_own", True), ("hw_fixed", False), ("note", False), ("owner", False), ("a b", False)],
)
def test_a_name_of_ones_own_is_offered_where_it_can_be(defined, browser, asked, offered):
    defined.open(note="x")
    found = browser.get(defined.url + "search/", {"q": asked}).json()["found"]
    assert (asked in {each["value"] for each in found}) is offered


def test_very_many_definitions_do_not_make_the_page_heavy(form, glance):
    glance.metadefs = {
        f"OS::N{i}": {
            "properties": {
                f"p_{i}_{j}": {"title": f"Property {j}", "description": "long " * 100}
                for j in range(60)
            }
        }
        for i in range(40)
    }
    form.open(p_3_5="x", **{f"own_{i}": "y" for i in range(100)})
    found = re.search(r'(?s)<form[^>]*id="image_metadata_form".*?</form>', form.html)[0]
    assert rows(found)[0] == "p_3_5"
    assert len(found) < 250_000


def test_words_of_definitions_are_text(form, glance):
    hostile = factories.HOSTILE_NAMES[0]
    definition = {"title": hostile, "description": hostile, "enum": [hostile], "default": hostile}
    glance.metadefs = {
        "OS::Bad": {
            "display_name": hostile,
            "description": hostile,
            "properties": {"p": definition},
        }
    }
    form.open(p="value")
    assert hostile not in form.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in form.html
    assert re.search(r"<div class=\"hip-metadata\"[^>]*ng-non-bindable", form.html)


def test_so_many_at_once_and_no_more(form, glance):
    glance.metadefs = {"OS::Huge": {"properties": {f"p{i:03}": {} for i in range(300)}}}
    html = form.open().send(add_section="OS::Huge").content.decode()
    assert len(rows(html)) == 200
    assert "Save these properties before" in html
    form.data = fields_of(html) | {"added": [f"p{i:03}" for i in range(200)]}
    assert form.send(**{"property.p000": "x"}).status_code == 302
    assert form.patches == [[{"op": "add", "path": "/p000", "value": "x"}]]


# Values that the definitions do not have.


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("hw_disk_bus", "nvme", "Use only: scsi, virtio."),
        ("hw_cores", "0", "Enter at least 1."),
        ("hw_cores", "many", "Enter a whole number."),
    ],
)
def test_a_value_outside_its_definition_is_saved_once_it_is_confirmed(
    defined, name, value, complaint
):
    defined.open(hw_disk_bus="scsi", hw_cores="4")
    html = defined.send(**{f"property.{name}": value}).content.decode()
    assert complaint in html
    assert defined.patches == []
    # The value is kept, and a box stands below it.
    again = fields_of(html)
    assert again[f"property.{name}"] == value
    assert f'name="confirmed" value="{name}={value}"' in html
    defined.data = again
    assert defined.send(confirmed=f"{name}={value}").status_code == 302
    assert defined.patches == [[{"op": "add", "path": f"/{name}", "value": value}]]


def test_a_confirmation_counts_for_its_value_only(defined):
    defined.open(hw_disk_bus="scsi")
    change = {"property.hw_disk_bus": "sata"}
    html = defined.send(confirmed="hw_disk_bus=nvme", **change).content.decode()
    assert 'name="confirmed" value="hw_disk_bus=sata"' in html
    assert defined.patches == []


def test_a_confirmation_stays_while_another_value_is_refused(defined):
    defined.open(hw_disk_bus="scsi", hw_cores="4")
    changes = {"property.hw_disk_bus": "nvme", "property.hw_cores": "0"}
    html = defined.send(confirmed="hw_disk_bus=nvme", **changes).content.decode()
    assert defined.patches == []
    assert fields_of(html)["confirmed"] == "hw_disk_bus=nvme"
    defined.data = fields_of(html) | {"confirmed": ["hw_disk_bus=nvme", "hw_cores=0"]}
    assert defined.send().status_code == 302


def test_another_value_than_those_of_the_list_can_be_entered(defined):
    defined.open(hw_disk_bus="scsi")
    assert 'name="other.hw_disk_bus"' in defined.html
    html = defined.send(**{"other.hw_disk_bus": "virtio"})
    assert html.status_code == 302
    assert defined.patches == [[{"op": "add", "path": "/hw_disk_bus", "value": "virtio"}]]
    html = defined.send(**{"other.hw_disk_bus": "nvme"}).content.decode()
    assert fields_of(html)["property.hw_disk_bus"] == "nvme"


def test_a_new_property_outside_its_definition_can_be_confirmed(defined):
    new = {"new_name": "hw_cores", "new_value": "0"}
    html = defined.open().send(**new).content.decode()
    assert 'name="confirmed" value="hw_cores=0"' in html
    assert defined.send(confirmed="hw_cores=0", **new).status_code == 302
    assert defined.patches == [[{"op": "add", "path": "/hw_cores", "value": "0"}]]


def test_the_user_is_warned_of_a_value_outside_its_definition(defined, browser):
    defined.open(hw_disk_bus="scsi")
    change = {"property.hw_disk_bus": "nvme", "confirmed": "hw_disk_bus=nvme"}
    response = browser.post(defined.url, defined.data | change, follow=True)
    assert "The value of hw_disk_bus does not match its definition." in response.content.decode()


def test_definitions_of_two_namespaces_are_joined(form, glance):
    models = {"A": ["virtio"], "B": ["VirtualVmxnet3"]}
    glance.metadefs = {
        name: {"properties": {"hw_vif_model": {"type": "string", "enum": enum}}}
        for name, enum in models.items()
    }
    form.open(hw_vif_model="virtio").send(**{"property.hw_vif_model": "VirtualVmxnet3"})
    assert len(form.patches) == 1


# Changes of other users.


def test_an_edit_of_a_property_that_somebody_removed_is_kept(form):
    form.open(os_distro="debian", **{"a b": "1"})
    del form.image["os_distro"], form.image["a b"]
    changes = {"property.os_distro": "fedora", field_name("a b"): "2"}
    html = form.send(**changes).content.decode()
    assert html.count("Another user has removed this property.") == 2
    assert form.patches == []
    assert fields_of(html)["property.os_distro"] == "fedora"
    form.data = fields_of(html) | {"added": ["os_distro", "a b"]}
    assert form.send().status_code == 302
    assert form.image["os_distro"] == "fedora"


@pytest.mark.parametrize("name", ['q"uote', "q%22uote", "property.x", "line\nbreak", "{$x$}"])
def test_names_that_browsers_write_otherwise(form, name):
    """A browser sends the quotation mark of a field's name as %22, and a line break as two."""
    others, sent = {'q"uote', "q%22uote", "property.x", "x"} - {name}, quote(name, safe="")
    for fields, operation in (
        ({f"property.{sent}": "2"}, {"op": "add", "path": f"/{name}", "value": "2"}),
        ({"remove": [sent]}, {"op": "remove", "path": f"/{name}"}),
    ):
        form.open(**dict.fromkeys(others, "other"), **{name: "1"}).send(**fields)
        assert form.patches[-1] == [operation]


def test_an_edit_of_an_empty_property_that_somebody_removed_is_kept(form):
    form.open(os_distro="")
    del form.image["os_distro"]
    html = form.send(**{"property.os_distro": "fedora"}).content.decode()
    assert "Another user has removed this property." in html
    form.data = fields_of(html)
    assert form.send().status_code == 302
    assert form.image["os_distro"] == "fedora"


def test_adding_a_property_does_not_hide_that_another_is_gone(form):
    form.open(os_distro="debian")
    del form.image["os_distro"]
    html = form.send(**{"property.os_distro": "fedora", "add": "1", "new_name": "x"})
    form.data = fields_of(html.content.decode())
    html = form.send(**{"property.x": "1"}).content.decode()
    assert "Another user has removed this property." in html
    assert form.patches == []


def test_a_property_that_was_not_edited_may_be_gone(form):
    form.open(os_distro="debian", os_version="13")
    del form.image["os_distro"]
    assert form.send(**{"property.os_version": "14"}).status_code == 302
    assert len(form.patches) == 1


def test_names_of_gone_properties_cannot_be_forged(form):
    form.open(os_distro="debian")
    forged = {"shown": ["visibility"], "gone": ["status"], "added": ["status"]}
    forged |= {f"property.{name}": "x" for name in ("visibility", "status")}
    forged |= {f"initial-property.{name}": "y" for name in ("visibility", "status")}
    assert form.send(**forged).status_code == 302
    assert form.patches == []


def test_a_change_that_would_undo_that_of_somebody_else_is_asked_for(form):
    form.open(os_distro="debian")
    form.image["os_distro"] = "ubuntu"
    html = form.send(**{"property.os_distro": "fedora"}).content.decode()
    assert "Another user has changed this property to ubuntu." in html
    assert form.patches == []
    form.data = fields_of(html)
    assert form.data["property.os_distro"] == "fedora"
    assert form.send().status_code == 302
    assert form.image["os_distro"] == "fedora"


# Names that Glance changes.


@pytest.mark.parametrize("name", [" os_distro", "os_distro ", "a\tb\u00a0"])
def test_a_name_with_a_blank_at_an_end_cannot_be_changed_here(form, name):
    form.open(**{name: "debian", "os_version": "13"})
    assert "begins or ends with a blank" in form.html
    form.send(**{f"property.{name}": "fedora", "remove": name})
    assert form.patches == []


# What the cloud requires.

DEPARTMENT = {"department": {"type": "string", "title": "Department", "enum": ["sales", "ops"]}}


def test_what_the_cloud_requires_is_asked_of_an_image_that_lacks_it(form, glance):
    glance.required = DEPARTMENT
    form.open(os_distro="debian")
    assert "Required by This Cloud" in form.html
    response = form.send(**{"property.os_distro": "fedora"})
    assert "This cloud requires a value." in response.content.decode()
    assert form.patches == []
    assert form.send(**{"property.department": "ops"}).status_code == 302
    assert form.patches == [[{"op": "add", "path": "/department", "value": "ops"}]]


def test_what_the_cloud_requires_is_not_removed(form, glance):
    glance.required = DEPARTMENT
    response = form.open(department="ops").send(**{"property.department": ""})
    assert "This cloud requires a value." in response.content.decode()
    assert form.patches == []


def test_untouched_it_sends_nothing(form, glance):
    glance.required = DEPARTMENT
    assert form.open().send().status_code == 302
    assert form.patches == []


FLOOR = {"floor": {"type": "integer", "title": "Floor", "minimum": 1}}


def test_it_is_sent_as_the_schema_compares_it(form, glance):
    glance.required = FLOOR
    assert form.open().send(**{"property.floor": "3"}).status_code == 302
    assert form.patches == [[{"op": "add", "path": "/floor", "value": 3}]]


def test_of_several_none_can_be_set(form, glance):
    """Glance would refuse each of them for want of the other."""
    glance.required = DEPARTMENT | FLOOR
    form.open()
    response = form.send(**{"property.department": "ops", "property.floor": "3"})
    text = unescape(response.content.decode())
    assert "several properties of each image (“department”, “floor”)" in text
    assert "This image does not have “department”, “floor”" in text
    assert len(form.patches) == 1
