# SPDX-License-Identifier: Apache-2.0
"""What each filter requests of Glance, what it leaves to a look at the images, and errors."""

import pytest

from helion_images_panel.core import filter_values as values
from helion_images_panel.core import verification
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.filter_values import Reading
from helion_images_panel.core.query import ImageQuery
from tests import factories

MD5, SHA256, SHA512 = "0" * 32, "b" * 64, "a" * 128
MAPPING = '[{"source_type": "snapshot"}]'


def query(several=(), **filters):
    return ImageQuery.from_url(filters, (), several)


@pytest.mark.parametrize(
    ("filters", "parameters"),
    [
        ({"protected": "true"}, {"protected": "true"}),
        ({"protected": "false"}, {"protected": "false"}),
        ({"os_distro": " ubuntu "}, {"os_distro": "ubuntu"}),
        ({"os_version": "24.04"}, {"os_version": "24.04"}),
        ({"architecture": "x86_64"}, {"architecture": "x86_64"}),
        ({"size_from": "1 KiB", "size_to": "2k"}, {"size_min": "1024", "size_max": "2048"}),
        ({"created_from": "2026-11-01"}, {"created_at": "gte:2026-11-01T00:00:00Z"}),
        ({"updated_to": "2026-11-01"}, {"updated_at": "lt:2026-11-02T00:00:00Z"}),
        ({"checksum": f"{MD5}  image.img"}, {"checksum": MD5}),
        ({"checksum": f"SHA512 (image.img) = {SHA512.upper()}"}, {"os_hash_value": SHA512}),
    ],
)
def test_filters_of_glance(filters, parameters):
    assert query(**filters).glance_parameters() == parameters
    assert not query(**filters).is_searched
    assert query(**filters).errors == {}


@pytest.mark.parametrize(
    ("filters", "parameters"),
    [
        ({"type": "snapshot"}, {}),
        ({"os_distro": "d\u00e9bian"}, {}),
        ({"store": "fast"}, {}),
        ({"os_distro": "a\x00b"}, {}),
        ({"checksum": SHA256}, {}),
        # Glance heeds one time of each kind.
        (
            {"created_from": "2026-11-01", "created_to": "2026-11-02"},
            {"created_at": "gte:2026-11-01T00:00:00Z"},
        ),
    ],
)
def test_filters_that_are_searched(filters, parameters):
    assert query(**filters).glance_parameters() == parameters
    assert query(**filters).is_searched
    assert query(**filters).errors == {}


@pytest.mark.parametrize(
    "name",
    ["limit", "marker", "sort", "sort_key", "changes-since", "metadata", "properties", "members",
     "cpus_min", "hw_cpus_max", "to_dict", "member_status", "env", "__class__"],
)  # fmt: skip
def test_a_property_that_glance_takes_for_something_else_is_searched(name):
    found = query([f"{name}=x"])
    assert found.glance_parameters() == {}
    assert found.is_searched
    assert not found.is_found(factories.image())


def test_properties():
    both = query(["hw_disk_bus=virtio", "env=prod", "trait:HW_CPU=required"])
    assert both.glance_parameters() == {"hw_disk_bus": "virtio", "trait:HW_CPU": "required"}
    assert both.is_found(factories.image(env="prod"))
    assert not both.is_found(factories.image(env="test"))
    assert query(["env=x"]).is_found(factories.image(**{" env ": "x"}))
    assert query(["env="]).is_found(factories.image(env=""))
    assert not query(["env="]).is_found(factories.image())
    assert query(["env=Zu\u0308rich"]).is_found(factories.image(env=" Z\u00fcrich "))


def test_of_two_filters_by_one_property_both_count():
    found = query(["os_distro=debian"], os_distro="ubuntu")
    assert found.glance_parameters() == {"os_distro": "ubuntu"}
    assert not found.is_found(factories.image(os_distro="ubuntu"))
    assert not found.accepts(factories.image(os_distro="debian"))


@pytest.mark.parametrize(
    ("of_type", "found"),
    [
        ("image", {"plain"}),
        ("snapshot", {"snapshot", "of volumes"}),
        ("volume_snapshot", {"of volumes"}),
    ],
)
def test_types(of_type, found):
    images = {
        "plain": factories.image(),
        "snapshot": factories.image(image_type="snapshot"),
        "of volumes": factories.image(size=0, block_device_mapping=MAPPING),
    }
    selected = query(type=of_type)
    assert {label for label, image in images.items() if selected.is_found(image)} == found


@pytest.mark.parametrize(
    ("store", "found"), [("fast", {"one", "two"}), ("archive", {"two"}), ("arch", set())]
)
def test_an_image_is_found_in_each_of_its_stores(store, found):
    images = {
        "one": factories.image(stores="fast"),
        "two": factories.image(stores="archive,fast"),
        "none": factories.image(stores=None),
    }
    selected = query(store=f" {store} ")
    assert {label for label, image in images.items() if selected.is_found(image)} == found
    assert {label for label, image in images.items() if selected.accepts(image)} == found


def test_a_sha256_is_found_where_it_is_known():
    checksum = query(checksum=f"sha256:{SHA256}")
    assert checksum.is_found(factories.image(os_hash_algo="sha256", os_hash_value=SHA256))
    assert not checksum.is_found(factories.image())
    assert not checksum.is_found(factories.image(os_hash_algo=None, os_hash_value=SHA256))
    id_ = factories.image_id()
    checksums = (Checksum("sha512", SHA512), Checksum("sha256", SHA256))
    verified = verification.Verified(checksums, "2026-11-01T00:00:00Z", "alice")
    signed = verification.verified_property(id_, verified)
    assert checksum.is_found(factories.image(id=id_, **signed))
    assert not checksum.is_found(factories.image(**signed))


@pytest.mark.parametrize(
    ("filters", "accepted"),
    [
        ({"protected": "true"}, True),
        ({"protected": "false"}, False),
        ({"size_from": "100", "size_to": "100"}, True),
        ({"size_from": "101"}, False),
        ({"size_to": "99"}, False),
        ({"created_from": "2026-11-01", "created_to": "2026-11-01"}, True),
        ({"created_from": "2026-11-02"}, False),
        ({"created_to": "2026-10-31"}, False),
        ({"updated_from": "2026-11-02", "updated_to": "2026-11-02"}, True),
        ({"os_distro": "debian"}, True),
        ({"os_distro": "deb"}, False),
        ({"os_version": "13"}, False),
        ({"checksum": MD5}, True),
        ({"checksum": SHA512}, True),
        ({"checksum": "c" * 128}, False),
        ({"type": "snapshot"}, False),
    ],
)
def test_the_filters_of_one_image(filters, accepted):
    image = factories.image(size=100, protected=True, os_distro="debian")
    assert query(**filters).accepts(image) is accepted


def test_an_image_without_size_or_time_is_in_no_range():
    image = factories.image(size=None, created_at="yesterday", updated_at=None)
    for name in ("size_from", "size_to"):
        assert not query(**{name: "0"}).accepts(image)
    for name in ("created_from", "created_to", "updated_from", "updated_to"):
        assert not query(**{name: "2026-11-01"}).accepts(image)


@pytest.mark.parametrize(
    ("filters", "several", "name", "kind"),
    [
        ({"size_from": "abc"}, [], "size_from", values.SIZE),
        ({"size_from": "2 GB", "size_to": "1 GB"}, [], "size_to", values.SIZE_RANGE),
        ({"created_to": "2026-02-30"}, [], "created_to", values.DAY),
        (
            {"updated_from": "2026-02-02", "updated_to": "2026-02-01"},
            [],
            "updated_to",
            values.DAY_RANGE,
        ),
        ({"checksum": "abc"}, [], "checksum", values.CHECKSUM),
        ({"checksum": f"{MD5} a\n{'1' * 32} b"}, [], "checksum", values.CHECKSUM),
        ({"type": "iso"}, [], "type", values.CHOICE),
        ({"protected": "maybe"}, [], "protected", values.CHOICE),
        ({"os_distro": "x" * 256}, [], "os_distro", values.LONG),
        ({"store": "x" * 256}, [], "store", values.LONG),
        ({}, ["novalue"], "property", values.PROPERTY),
        ({}, ["=novalue"], "property", values.PROPERTY),
        ({}, ["min_disk=1"], "property", values.ATTRIBUTE),
        ({}, ["a=1", "a=2"], "property", values.OTHER_VALUE),
        ({}, ["a=" + "x" * 255], "property", values.LONG),
        ({}, [f"a{n}=1" for n in range(9)], "property", values.MANY_PROPERTIES),
    ],
)
def test_what_is_wrong_is_known_by_its_parameter(filters, several, name, kind):
    found = query(several, **filters)
    assert {name: error.kind for name, error in found.errors.items()} == {name: kind}
    assert not found.is_empty
    # What was typed is shown, and can be removed.
    assert found.url_parameters() == {
        **filters, **({"property": tuple(several)} if several else {}),
    }  # fmt: skip


def test_a_format_of_this_dashboard():
    reading = Reading(formats=frozenset({"qcow2"}))
    assert ImageQuery.from_url({"format": "qcow2"}, reading=reading).errors == {}
    (error,) = ImageQuery.from_url({"format": "floppy"}, reading=reading).errors.values()
    assert (error.kind, error.value) == (values.CHOICE, "floppy")


def test_the_same_property_twice_is_one_filter():
    assert query(["a=1", " a=1 ", ""]).properties == ("a=1",)
