# SPDX-License-Identifier: Apache-2.0
"""Update Metadata by Glance's definitions: the shipped ones, and a project's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard, Form, Page
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, PROJECT
from tests.integration.reconfigured import reconfigured
from tests.thorough import only_thorough, thinned

PREFIX = "it_"
NAMESPACE = {
    "description": "Everything that a definition can say.",
    "visibility": "private",
    "resource_type_associations": [{"name": "OS::Glance::Image", "prefix": PREFIX}],
    "properties": {
        "size": {"title": "Size", "type": "integer", "minimum": 1, "maximum": 8, "default": 4},
        "share": {"title": "Share", "type": "number", "minimum": 2},
        "flag": {"title": "Flag", "type": "boolean"},
        "mode": {"title": "Mode", "type": "string", "enum": ["slow", "fast"]},
        "code": {"title": "Code", "type": "string", "pattern": "^[a-f]+$", "maxLength": 4},
        "parts": {
            "title": "Parts",
            "type": "array",
            "operators": ["<or>"],
            "items": {"type": "string", "enum": ["x", "y"]},
        },
        "fixed": {"title": "Fixed", "type": "string", "readonly": True},
        "visibility": {"title": "A trap: without its prefix", "type": "string"},
    },
    "objects": [
        {
            "name": "Pair",
            "description": "Two that go together.",
            "required": ["left", "right"],
            "properties": {
                "left": {"title": "Left", "type": "string"},
                "right": {"title": "Right", "type": "string"},
                "comment": {"title": "Comment", "type": "string"},
            },
        }
    ],
}


@pytest.fixture(scope="module")
def namespace(cloud: Cloud) -> Iterator[str]:
    """A private namespace of acme-web: what is private is never remembered for others."""
    session, url = cloud.session("admin"), f"{cloud.glance.url}/v2/metadefs/namespaces"
    name = unique("Definitions")
    body = {**NAMESPACE, "namespace": name, "display_name": name}
    session.post(url, json={**body, "owner": cloud.project_id("acme-web")})
    yield name
    session.delete(f"{url}/{name}")


def metadata_form(dashboard: Dashboard, image_id: str, panel: Any = PROJECT) -> Form:
    return dashboard.get(panel.metadata(image_id)).form("new_name")


def added(dashboard: Dashboard, form: Form, **what: str) -> Form:
    """The form with more fields in it, as the search of the page gets them."""
    page = dashboard.post(form.action, {**form.fields, **what})
    return page.form("new_name")


def save(dashboard: Dashboard, form: Form, changes: dict[str, str]) -> Page:
    """Posts the form with all that it says is being added."""
    names = [each["value"] for each in form.element.all("input", name="added")]
    fields = {**form.fields, **changes}
    fields.pop("added", None)
    return dashboard.post(form.action, [*fields.items(), *(("added", name) for name in names)])


def set_of(form: Form) -> dict[str, Any]:
    return {k.removeprefix("property."): v for k, v in form.fields.items() if k[:9] == "property."}


# The definitions that come with Glance.


def test_properties_stand_in_their_group(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("grouped", hw_watchdog_action="reset", hw_cpu_cores="2", my_own="x")
    page = person("alice").get(PROJECT.metadata(image_id))
    groups = {
        group.first("legend").text: [row["data-hip-property"] for row in _rows(group)]
        for group in page.tree.all("fieldset", "hip-metadata-group")
    }
    assert groups == {
        "Virtual CPU Topology": ["hw_cpu_cores"],
        "Watchdog Behavior": ["hw_watchdog_action"],
        "Other Properties": ["my_own"],
    }
    assert page.form("new_name").options("property.hw_watchdog_action") == [
        "", "disabled", "reset", "poweroff", "pause", "none",
    ]  # fmt: skip


def _rows(group: Any) -> list[Any]:
    return [each for each in group.walk() if "data-hip-property" in each.attributes]


def test_the_page_is_light(person: Callable[[str], Dashboard], images: Images) -> None:
    page = person("alice").get(PROJECT.metadata(images.make("light")))
    assert len(page.html) < 120_000


@pytest.mark.parametrize(
    ("asked", "kind", "value"),
    [
        ("watchdog", "property", "hw_watchdog_action"),
        ("libvirt driver", "section", "OS::Compute::LibvirtImage"),
        ("CPU topo", "section", "OS::Compute::VirtCPUTopology"),
        ("nginx", "section", "OS::Software::WebServers/Nginx"),
        ("hw_disk", "property", "hw_disk_bus"),
        ("disk bus", "property", "hw_disk_bus"),
        ("my_very_own", "property", "my_very_own"),
        ("", "section", "OS::Compute::LibvirtImage"),
    ],
)
def test_search(
    person: Callable[[str], Dashboard], images: Images, asked: str, kind: str, value: str
) -> None:
    image_id = images.make("search")
    found = person("alice").get_json(PROJECT.metadata_search(image_id), q=asked)["found"]
    assert (kind, value) in {(each["kind"], each["value"]) for each in found}


@pytest.mark.parametrize("asked", ["visibility", "os_glance_x", "helion_images_x", "a/b", "owner"])
def test_search_offers_nothing_that_cannot_be(
    person: Callable[[str], Dashboard], images: Images, asked: str
) -> None:
    image_id = images.make("search")
    found = person("alice").get_json(PROJECT.metadata_search(image_id), q=asked)["found"]
    assert asked not in {each["value"] for each in found}


def test_several_at_once(person: Callable[[str], Dashboard], images: Images) -> None:
    """A group, a property of another one, and a name of one's own."""
    image_id = images.make("several", os_distro="debian")
    alice, before = person("alice"), images.unchanging(image_id)
    form = added(alice, metadata_form(alice, image_id), add_section="OS::Compute::VirtCPUTopology")
    assert images.unchanging(image_id) == before, "adding a field writes nothing"
    assert {"hw_cpu_sockets", "hw_cpu_cores", "hw_cpu_threads"} <= set(set_of(form))
    changes = {
        "property.hw_cpu_cores": "4",
        "property.hw_cpu_sockets": "1",
        "property.os_distro": "fedora",
        "new_name": "my_own",
        "new_value": "mine",
    }
    page = save(alice, form, changes)
    assert any("Updated image" in text for text in page.messages)
    after = {"hw_cpu_cores": "4", "hw_cpu_sockets": "1", "os_distro": "fedora", "my_own": "mine"}
    assert images.unchanging(image_id) == {**before, **after}


def test_remove(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("removed", os_distro="debian", empty="", hw_cpu_cores="2")
    before = images.unchanging(image_id)
    form = metadata_form(person("alice"), image_id)
    fields = [*form.fields.items(), ("remove", "empty"), ("remove", "hw_cpu_cores")]
    person("alice").post(form.action, [*fields, ("remove", "name"), ("remove", "owner")])
    del before["empty"], before["hw_cpu_cores"]
    assert images.unchanging(image_id) == before


# A project's own.


@pytest.mark.parametrize(
    ("name", "wrong", "complaint", "right"),
    [
        ("size", "9", "Enter at most 8.", "8"),
        ("size", "0", "Enter at least 1.", "1"),
        ("size", "many", "Enter a whole number.", "2"),
        ("share", "1.9", "Enter at least 2.", "2.5"),
        ("flag", "perhaps", "Choose true or false.", "true"),
        ("mode", "medium", "Use only: slow, fast.", "fast"),
        ("code", "xyz", "match the pattern", "abc"),
        ("code", "abcde", "Enter at most 4 characters.", "abcd"),
        ("parts", "x,z", "Use only: x, y.", "<or> x,y"),
    ],
)
def test_types_and_ranges(
    person: Callable[[str], Dashboard],
    images: Images,
    namespace: str,
    name: str,
    wrong: str,
    complaint: str,
    right: str,
) -> None:
    image_id, name = images.make("typed"), PREFIX + name
    alice, before = person("alice"), images.unchanging(image_id)
    form = added(alice, metadata_form(alice, image_id), add="1", new_name=name)
    page = save(alice, form, {f"property.{name}": wrong})
    assert any(complaint in error for error in page.form("new_name").errors)
    assert images.unchanging(image_id) == before
    save(alice, page.form("new_name"), {f"property.{name}": right})
    assert images.unchanging(image_id) == {**before, name: right}


def test_what_does_not_fit_stays_unless_it_is_touched(
    person: Callable[[str], Dashboard], images: Images, namespace: str
) -> None:
    odd = {
        "it_size": " 9 ",
        "it_share": "lots",
        "it_flag": "perhaps",
        "it_mode": "medium",
        "it_code": "XYZ",
        "it_parts": "<and> q",
        "it_fixed": "as it was",
    }
    image_id = images.make("odd", **odd)
    alice, before = person("alice"), images.unchanging(image_id)
    page = alice.get(PROJECT.metadata(image_id))
    assert page.text.count("The current value does not match the definition") == 6
    form = page.form("new_name")
    assert {k: v for k, v in odd.items() if k != "it_fixed"} == set_of(form)
    alice.submit(form, **{"property.it_mode": "fast"})
    assert images.unchanging(image_id) == {**before, "it_mode": "fast"}


def test_read_only(person: Callable[[str], Dashboard], images: Images, namespace: str) -> None:
    image_id = images.make("fixed", it_fixed="as it was")
    alice, before = person("alice"), images.unchanging(image_id)
    form = metadata_form(alice, image_id)
    forged = {"property.it_fixed": "forged", "initial-property.it_fixed": "as it was"}
    alice.submit(form, **forged, remove="it_fixed")
    assert images.unchanging(image_id) == before
    other = images.make("without")
    page = alice.submit(metadata_form(alice, other), new_name="it_fixed", new_value="x")
    assert any("cannot be set here" in error for error in page.form("new_name").errors)


def test_what_belongs_together_is_required_together(
    person: Callable[[str], Dashboard], images: Images, namespace: str
) -> None:
    image_id = images.make("pair")
    alice, before = person("alice"), images.unchanging(image_id)
    form = added(alice, metadata_form(alice, image_id), add="1", new_name="it_comment")
    assert {"it_left", "it_right"} <= set(set_of(form)), "what it takes is there to be filled in"
    page = save(alice, form, {"property.it_comment": "c", "property.it_left": "l"})
    errors = page.form("new_name").errors
    assert [error for error in errors if "This property is required" in error] == [
        f"This property is required in {namespace}: Pair."
    ]
    assert images.unchanging(image_id) == before
    save(alice, page.form("new_name"), {"property.it_right": "r"})
    after = {"it_comment": "c", "it_left": "l", "it_right": "r"}
    assert images.unchanging(image_id) == {**before, **after}
    page = alice.submit(metadata_form(alice, image_id), **{"property.it_left": ""})
    assert any("This property is required" in error for error in page.form("new_name").errors)
    gone = dict.fromkeys((f"property.{name}" for name in after), "")
    alice.submit(metadata_form(alice, image_id), **gone)
    assert images.unchanging(image_id) == before


def test_a_group_that_is_not_touched_requires_nothing(
    person: Callable[[str], Dashboard], images: Images, namespace: str
) -> None:
    image_id = images.make("half", it_left="l", os_distro="debian")
    form = metadata_form(person("alice"), image_id)
    person("alice").submit(form, **{"property.os_distro": "fedora"})
    assert images.show(image_id)["os_distro"] == "fedora"


@pytest.mark.parametrize("who", ["bob", "acme-admin", "admin", "gina"])
def test_a_private_namespace_is_its_projects_own(
    person: Callable[[str], Dashboard], images: Images, namespace: str, who: str
) -> None:
    """acme-admin works in its project; to the cloud's admin Glance would list it."""
    owner = {"bob": "acme-data", "gina": "globex-research"}.get(who, "acme-web")
    panel = ADMIN if who == "admin" else PROJECT
    image_id = images.make("private", owner)
    found = person(who).get_json(panel.metadata_search(image_id), q="it_mode")["found"]
    titles = {each["title"] for each in found}
    assert ("Mode" in titles) == (who == "acme-admin")
    page = person(who).get(panel.metadata(image_id))
    assert (namespace in page.html) is False


@only_thorough
def test_what_somebody_adds_meanwhile_is_not_overwritten_unseen(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id, alice = images.make("meanwhile"), person("alice")
    form = added(alice, metadata_form(alice, image_id), add="1", new_name="my_own")
    images.update(image_id, my_own="theirs")
    page = save(alice, form, {"property.my_own": "mine"})
    assert any("to theirs." in error for error in page.form("new_name").errors)
    assert images.show(image_id)["my_own"] == "theirs"
    save(alice, page.form("new_name"), {})
    assert images.show(image_id)["my_own"] == "mine"


# Values that the definitions do not have.


@pytest.mark.parametrize("value", ["VirtualVmxnet3", "igb"])
def test_the_definitions_of_all_namespaces_count(
    person: Callable[[str], Dashboard], images: Images, value: str
) -> None:
    """One namespace that comes with Glance has the one value, and another the other."""
    image_id, alice = images.make("joined", hw_vif_model="e1000"), person("alice")
    page = alice.submit(metadata_form(alice, image_id), **{"property.hw_vif_model": value})
    assert any("Updated image" in text for text in page.messages)
    assert images.show(image_id)["hw_vif_model"] == value


@pytest.mark.parametrize(
    ("name", "before", "value"),
    [
        ("hw_cpu_policy", "shared", "mixed"),
        ("hw_cpu_cores", "2", "many"),
        ("it_size", "4", "9"),
        ("it_flag", "true", "maybe"),
        ("it_mode", "slow", "warp"),
        ("it_code", "abc", "xyz"),
        ("it_parts", "x", "<or> x <or> z"),
    ],
)
def test_a_value_that_a_definition_lacks_can_be_confirmed(
    person: Callable[[str], Dashboard],
    images: Images,
    namespace: str,
    name: str,
    before: str,
    value: str,
) -> None:
    image_id, alice = images.make("newer", **{name: before}), person("alice")
    page = alice.submit(metadata_form(alice, image_id), **{f"property.{name}": value})
    form = page.form("new_name")
    assert form.fields[f"property.{name}"] == value
    assert images.show(image_id)[name] == before
    page = alice.submit(form, confirmed=f"{name}={value}")
    assert any("does not match its definition" in text for text in page.messages)
    assert images.show(image_id)[name] == value
    # It stays as it is when another property is changed.
    alice.submit(metadata_form(alice, image_id), new_name="my_own", new_value="x")
    after = images.show(image_id)
    assert (after[name], after["my_own"]) == (value, "x")


# What nobody may write.

FORGED = (
    "visibility", "Visibility", "VISIBILITY", " visibility", "visibility ", "visib\u0131lity",
    "ｖisibility", "status", "owner", "OWNER", "öwner", "id", "protected", "tags", "min_disk",
    "os_hidden", "locations", "os_glance_x", "OS_Glance_x", "helion_images_published",
    "Helion_Images_x", "hélion_images_x", "it_fixed", "~1owner", "/owner", "owner/0", "",
)  # fmt: skip


@pytest.mark.parametrize("name", thinned(FORGED, lambda name: name[:1].casefold()))
def test_forged_names(
    person: Callable[[str], Dashboard], images: Images, namespace: str, name: str
) -> None:
    image_id, alice = images.make("forged", os_distro="debian"), person("alice")
    before, form = images.unchanging(image_id), metadata_form(alice, image_id)
    fields = [
        *form.fields.items(),
        ("added", name),
        (f"property.{name}", "forged"),
        (f"initial-property.{name}", ""),
        (name, "forged"),
        ("remove", name),
    ]
    alice.post(form.action, fields)
    assert images.unchanging(image_id) == before
    alice.post(form.action, {**form.fields, "new_name": name, "new_value": "forged"})
    alice.post(form.action, {**form.fields, "add": "1", "new_name": name, "new_value": "forged"})
    assert images.unchanging(image_id) == before


def test_names_that_an_image_has_all_the_same_are_left_alone(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    """Written by the API: another spelling of an attribute is nobody's to edit here."""
    image_id = images.make("spelled", Owner="x", HELION_images_published="y")
    before, form = images.unchanging(image_id), metadata_form(person("alice"), image_id)
    assert not set_of(form)
    forged = {"property.Owner": "forged", "initial-property.Owner": "x", "remove": "Owner"}
    person("alice").submit(form, **forged)
    assert images.unchanging(image_id) == before


PROTECTIONS = """\
[it_guarded.*]
create = admin
read = admin,member
update = admin
delete = admin
[.*]
create = @
read = @
update = @
delete = @
"""


@only_thorough
def test_property_protections(
    cloud: Cloud, person: Callable[[str], Dashboard], images: Images
) -> None:
    """Glance refuses the whole change; the page names the property."""
    image_id = images.make("guarded", it_guarded="kept", os_distro="debian")
    before = images.unchanging(image_id)
    path = cloud.glance.folder / "protections.conf"
    path.write_text(PROTECTIONS)
    with reconfigured(cloud, more_config=f"[DEFAULT]\nproperty_protection_file = {path}\n"):
        form = metadata_form(person("alice"), image_id)
        changes = {"property.it_guarded": "mine", "property.os_distro": "fedora"}
        page = person("alice").submit(form, **changes)
        said = " ".join(page.form("new_name").errors)
        assert "do not have permission to change the property it_guarded" in said
        assert images.unchanging(image_id) == before
        person("acme-admin").submit(metadata_form(person("acme-admin"), image_id), **changes)
        assert images.show(image_id)["it_guarded"] == "mine"
    assert images.show(image_id)["os_distro"] == "fedora"
