# SPDX-License-Identifier: Apache-2.0
import re

import pytest

from helion_images_panel.core.image import BASE_ATTRIBUTES
from helion_images_panel.core.publication import PROPERTY
from helion_images_panel.ui.properties import is_editable
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import path
from tests.unit.ui.test_forms import fields_of


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


@pytest.mark.parametrize("name", [*sorted(BASE_ATTRIBUTES), *OWN, "os_glance_failed_import"])
def test_what_has_forms_and_rules_of_its_own_is_not_editable_here(name):
    assert not is_editable(name)


def test_names_that_the_operator_reserves_are_not_editable(settings):
    assert is_editable("hw_disk_bus")
    settings.IMAGE_RESERVED_CUSTOM_PROPERTIES = ["hw_disk_bus"]
    assert not is_editable("hw_disk_bus")


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
    assert "Name the property that has this value." in response.content.decode()
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
