# SPDX-License-Identifier: Apache-2.0
"""Which images are versions of one family, and their order."""

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from helion_images_panel.core import family
from helion_images_panel.core.family import FORMER, LATEST, NEW, PROPERTY, Family
from tests import factories

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="/\\")
NAMES = st.text(LETTERS, min_size=1, max_size=60).filter(family.is_family_name)


def version(name="ubuntu", owner=factories.PROJECT, role=NEW, journal="", **attributes):
    """An image that is a version; `signed_for` names another owner or image than its own."""
    image_id = attributes.pop("id", None) or factories.image_id()
    signed_for = attributes.pop("signed_for", {})
    record = Family(name, attributes.pop("version", ""), role, journal)
    signed = family.family_property(
        signed_for.get("id", image_id), signed_for.get("owner", owner), record
    )
    return factories.image(**{**signed, "id": image_id, "owner": owner, **attributes})


@given(name=NAMES, label=TEXTS, journal=TEXTS)
def test_what_is_recorded_is_read(name, label, journal):
    for role in family.ROLES:
        recorded = Family(name, label, role, journal)
        signed = family.family_property("an-id", factories.PROJECT, recorded)
        image = factories.image(id="an-id", owner=factories.PROJECT, **signed)
        assert family.family_record(image) == recorded
        assert family.family_of(image) == name
        assert signed[family.NAME_PROPERTY] == name


def test_a_record_is_valid_for_its_image_and_its_owner_alone():
    assert family.family_of(version()) == "ubuntu"
    assert family.family_of(factories.image()) == ""
    for changed in (
        version(signed_for={"id": factories.image_id()}),
        version(signed_for={"owner": factories.FOREIGN}),
        version(owner=None, signed_for={"owner": ""}),
        version(**{PROPERTY: "forged"}),
        version(**{PROPERTY: ""}),
        version(role="first"),
        version(name="a/b"),
        factories.image(**{family.NAME_PROPERTY: "ubuntu"}),
    ):
        assert family.family_of(changed) == ""
        assert family.family_record(changed) is None


def test_a_record_of_another_key_is_none():
    image = version()
    with override_settings(SECRET_KEY="another"):
        assert family.family_of(image) == ""


def test_only_images_of_the_owner_are_versions():
    own, other_name = version(), version("debian")
    foreign = version(owner=factories.FOREIGN)
    images = [own, other_name, foreign, factories.image()]
    assert family.versions_of(images, factories.PROJECT, "ubuntu") == [own]
    assert family.versions_of(images, None, "ubuntu") == []
    assert family.families_among(images) == {
        (factories.PROJECT, "ubuntu"): [own],
        (factories.PROJECT, "debian"): [other_name],
        (factories.FOREIGN, "ubuntu"): [foreign],
    }


def test_the_latest_comes_first_and_then_the_newest():
    days = [
        (version(role=role, journal=journal, created_at=f"2026-11-{day:02}T08:00:00Z"))
        for day, role, journal in ((1, FORMER, ""), (2, LATEST, ""), (3, NEW, ""), (4, FORMER, ""))
    ]
    oldest, latest, new, former = days
    assert family.newest_first(days) == [latest, former, new, oldest]
    swapping = version(role=LATEST, journal="{}", created_at="2026-10-01T08:00:00Z")
    assert family.newest_first([*days, swapping])[:2] == [swapping, latest]
    undated = version(created_at=None)
    assert family.newest_first([undated, *days])[-1] == undated


def test_versions_of_one_second_keep_an_order():
    images = [version() for _number in range(3)]
    assert family.newest_first(images) == family.newest_first(reversed(images))


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"os_distro": "ubuntu", "os_version": "24.04"}, "ubuntu-24.04"),
        (
            {
                "architecture": "x86_64",
                "os_purpose": "minimal",
                "os_version": "24.04",
                "os_distro": "ubuntu",
            },
            "ubuntu-24.04-minimal-x86_64",
        ),
        ({"os_version": "24.04", "architecture": "x86_64"}, ""),
        ({}, ""),
        ({"os_distro": " red  hat/enterprise\n", "os_version": None}, "red-hat-enterprise"),
        ({"os_distro": "\u200b"}, ""),
        ({"os_distro": "x" * 300}, "x" * 100),
    ],
)
def test_the_properties_suggest_a_name(properties, expected):
    image = factories.image(**properties)
    assert family.suggested_family(image) == expected
    assert not expected or family.is_family_name(expected)


@pytest.mark.parametrize("name", ["", " a", "a/b", "a\\b", "..", ".", "a\nb", "x" * 101, "\u200b"])
def test_what_is_no_name(name):
    assert not family.is_family_name(name)


@pytest.mark.parametrize(
    ("label", "expected"),
    [("", True), ("2026-11-30", True), ("24.04 LTS", True), ("a/b", False), ("x" * 41, False)],
)
def test_what_is_a_version(label, expected):
    assert family.is_version(label) is expected


def test_the_version_is_at_first_the_day_of_the_creation():
    assert family.default_version(factories.image()) == "2026-11-01"
    assert family.default_version(factories.image(created_at=None)) == ""
