# SPDX-License-Identifier: Apache-2.0
"""The step Properties of Create Image."""

import html
import re

import pytest

from helion_images_panel.core.nova_properties import CHOICES, wrong_values
from helion_images_panel.core.presets import SHIPPED
from helion_images_panel.ui.create import properties
from tests import factories
from tests.unit.permissions import path
from tests.unit.ui.create.test_workflow import FILE, LOCATION, URL, opened, options

UEFI = "Linux, virtio and UEFI"
DEFINED = {
    "properties": {
        "hw_disk_bus": {"type": "string", "enum": ["virtio", "scsi"]},
        "fixed": {"type": "string", "readonly": True},
        "odd name": {"type": "string"},
    }
}


@pytest.fixture
def sent(browser, glance):
    """Sends the form; returns the record that Glance got, or the text of the page."""

    def send(source=FILE, **fields):
        response = browser.login_as(factories.member()).post(URL, {**source, **fields})
        if response.status_code == 201:
            (call,) = (call for call in glance.writes if call.path == "/v2/images")
            return call.body
        assert glance.writes == []
        return html.unescape(response.content.decode())

    return send


@pytest.mark.parametrize("source", [FILE, LOCATION], ids=["file", "location"])
def test_tags_preset_and_other_properties_are_of_the_new_record(sent, source):
    body = sent(
        source,
        tags='web, "a,b"',
        preset=UEFI,
        properties="hw_disk_bus = scsi\r\n\r\nos_distro=debian\n note = a = b ",
    )
    assert body["tags"] == ["web", "a,b"]
    expected = {**SHIPPED[0].properties, "hw_disk_bus": "scsi", "os_distro": "debian"}
    assert body | expected == body
    assert body["note"] == "a = b"


def test_nothing_is_sent_for_what_is_empty(sent):
    body = sent(tags=" , ", preset="", properties=" \n ")
    assert "tags" not in body
    assert not body.keys() & {name for preset in SHIPPED for name in preset.properties}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a = 1\nnonsense", "Line 2: Write a name and a value: name = value."),
        ("= 1", "Line 1: Write a name and a value: name = value."),
        ("a =", "Line 1: Write a name and a value: name = value."),
        ("a = 1\na = 2", "Line 2: a is in another line too."),
        ("visibility = public", "Line 1: This property cannot be set here."),
        ("Owner = x", "Line 1: This property cannot be set here."),
        ("helion_images_verified = x", "Line 1: This property cannot be set here."),
        ("os_glance_failed_import = x", "Line 1: This property cannot be set here."),
        ("fixed = x", "Line 1: This property cannot be set here."),
        ("architecture = x86_64", "Line 1: architecture has a field of its own in this form."),
        ("a b = 1", "Line 1: Use only letters, digits"),
        ("hw_disk_bus = VirtIO", "Line 1: hw_disk_bus: Use only: virtio, scsi."),
    ],
)
def test_a_wrong_line_is_named_and_what_was_entered_stays(sent, glance, text, complaint):
    glance.metadefs["defined"] = DEFINED
    page = sent(properties=text, tags="kept", preset=UEFI)
    assert complaint in page
    assert ">\n" + text.replace("\n", "\n") + "</textarea>" in page.replace("\r\n", "\n")
    assert ">\nkept</textarea>" in page
    assert re.search(rf'<option value="{UEFI}"[^>]*selected', page)


def test_a_value_that_a_definition_lacks_can_be_confirmed(sent, glance):
    glance.metadefs["defined"] = DEFINED
    text = "hw_disk_bus = nvme\nodd name = x"
    assert 'name="anyway"' in sent(properties=text)
    # What is wrong otherwise cannot be confirmed.
    page = sent(properties=f"{text}\nnonsense", anyway="on")
    assert "Line 3: Write a name" in page
    assert "Line 1" not in page
    assert re.search(r'name="anyway"[^>]*checked', page)
    body = sent(properties=text, anyway="on")
    assert (body["hw_disk_bus"], body["odd name"]) == ("nvme", "x")


def test_without_definitions_each_value_is_taken(sent, glance):
    assert sent(properties="hw_disk_bus = VirtIO")["hw_disk_bus"] == "VirtIO"


def test_definitions_are_read_only_for_what_was_entered(sent, glance):
    sent(preset=UEFI)
    assert not [call for call in glance.calls if "metadefs" in call.path]


def test_the_page_explains_each_property(browser):
    text = html.unescape(opened(browser))
    assert 'name="anyway"' not in text
    for preset in SHIPPED:
        part = re.search(rf'(?s)data-hip-preset="{preset.name}".*?</section>', text)[0]
        for name, value in preset.properties.items():
            assert f"{name} = {value}" in part
        assert "<dd></dd>" not in part


@pytest.mark.parametrize("preset", SHIPPED, ids=lambda preset: preset.name)
def test_nova_takes_the_presets_of_this_plugin(preset):
    assert wrong_values(preset.properties) == []
    # The machine types are libvirt's own.
    assert preset.properties.keys() - {"hw_machine_type"} <= CHOICES.keys()
    assert preset.name in properties._NAMES
    assert preset.properties.keys() <= properties._MEANINGS.keys()


def test_presets_of_the_operator(browser, settings, glance):
    settings.HELION_IMAGES_PRESETS = [
        {
            "name": "<b>Ours</b>",
            "properties": {"hw_vif_model": "e1000", "visibility": "public", "our_own": "{{ 7 }}"},
        },
        {"name": "Nothing that may be set", "properties": {"owner": "x"}},
    ]
    text = opened(browser)
    assert options(html.unescape(text), "preset") == ["", "<b>Ours</b>"]
    assert "<b>Ours" not in text
    response = browser.post(URL, {**FILE, "preset": "<b>Ours</b>"})
    assert response.status_code == 201
    (call,) = (call for call in glance.writes if call.path == "/v2/images")
    assert (call.body["hw_vif_model"], call.body["our_own"]) == ("e1000", "{{ 7 }}")
    assert call.body["visibility"] == "private"


def test_without_presets(browser, settings):
    settings.HELION_IMAGES_PRESETS = []
    text = opened(browser)
    assert 'name="preset"' not in text
    assert "data-hip-preset" not in text
    assert 'name="properties"' in text


def test_an_unknown_preset_is_refused(sent):
    assert "Select a valid choice" in sent(preset="none of them")


def test_what_the_cloud_requires_has_its_field_on_the_first_step(browser, glance, sent):
    glance.required = {"os_type": {"type": "string", "enum": ["linux", "windows"]}}
    page = sent(properties="os_type = linux", **{"required.os_type": "linux"})
    assert "Line 1: os_type has a field of its own in this form." in page
    assert sent(preset=UEFI, **{"required.os_type": "windows"})["os_type"] == "windows"


@pytest.mark.parametrize("text", factories.HOSTILE_NAMES)
def test_hostile_texts_stay_text(browser, glance, text):
    fields = {"properties": f"{text}\nx = {text}", "tags": text, "preset": text}
    response = browser.login_as(factories.member()).post(URL, {**FILE, **fields})
    assert glance.writes == []
    assert text not in response.content.decode() or not set(text) & set("<>\"'&")


def test_the_admin_panel_has_it_too(browser, glance):
    browser.login_as(factories.domain_admin())
    response = browser.post(path("admin", "create"), {**FILE, "tags": "a", "preset": UEFI})
    assert response.status_code == 201
    (call,) = (call for call in glance.writes if call.path == "/v2/images")
    assert call.body["tags"] == ["a"]
    assert call.body["hw_firmware_type"] == "uefi"


def test_each_property_of_an_operators_preset_is_explained(browser, glance, settings):
    """In the operator's words, in ours, or in those of the metadata definitions."""
    glance.metadefs["defined"] = {
        "properties": {
            name: {"type": "string", "description": f"<i>Defined: {name}</i>"}
            for name in ("hw_own", "mine", "hw_disk_bus")
        }
    }
    names = ("hw_own", "mine", "hw_disk_bus", "unknown")
    settings.HELION_IMAGES_PRESETS = [
        {
            "name": "Own",
            "properties": dict.fromkeys(names, "x"),
            "descriptions": {"mine": "The operator's words."},
        }
    ]
    page = browser.login_as(factories.member()).get(URL).content.decode()
    meanings = re.findall(r"<dt[^>]*><bdi>(\S+) = x</bdi></dt>\s*<dd>(.*?)</dd>", page)
    assert [(name, html.unescape(meaning)) for name, meaning in meanings] == [
        ("hw_own", "<i>Defined: hw_own</i>"),
        ("mine", "The operator's words."),
        ("hw_disk_bus", "How the disk is attached. The system needs a driver for it."),
        ("unknown", ""),
    ]
    assert "<i>Defined" not in page


def test_the_definitions_are_not_read_for_the_presets_of_this_plugin(browser, glance):
    glance.metadefs["defined"] = DEFINED
    browser.login_as(factories.member()).get(URL)
    assert not [call for call in glance.calls if "metadefs" in call.path]
