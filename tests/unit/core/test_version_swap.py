# SPDX-License-Identifier: Apache-2.0
"""The journal and the names of a change of the latest version, and which data is trusted."""

import json

import pytest

from helion_images_panel.core import version_swap
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.end_rule import EndRule
from helion_images_panel.core.family import FORMER, LATEST, NEW, Family, family_property
from helion_images_panel.core.verification import Verified, expected_property, verified_property
from helion_images_panel.core.version_swap import Ends, Journal, journal_of
from tests import factories


def version(role=NEW, name="Ubuntu", label="", journal="", **attributes):
    image_id = attributes.pop("id", None) or factories.image_id()
    record = Family("ubuntu", label, role, journal)
    signed = family_property(image_id, factories.PROJECT, record)
    return factories.image(id=image_id, name=name, **signed, **attributes)


def journal(**changes):
    ends = Ends(EndRule(0, None, 90), "0,30,90")
    made = Journal.of(version(), version(LATEST), hides=True, published=False, ends=ends)
    return made.with_given([factories.SIBLING, "x"]).with_answered([factories.FOREIGN])


def test_a_journal_is_read_as_it_was_written():
    written = journal()
    assert journal_of(version(journal=written.written)) == written
    assert journal_of(version()) is None


@pytest.mark.parametrize(
    "change",
    [
        {"visibility": "secret"},
        {"role": "first"},
        {"at": "yesterday"},
        {"hides": "yes"},
        {"old": None},
        {"more": 1},
        {"given": None},
        {"ending": "soon"},
        {"ending": 1},
        {"own_dates": "soon"},
    ],
)
def test_a_journal_of_another_kind_is_none(change):
    values = {**json.loads(journal().written), **change}
    assert journal_of(version(journal=json.dumps(values))) is None
    assert journal_of(version(journal="{")) is None


@pytest.mark.parametrize(
    ("name", "label", "plain"),
    [
        ("Ubuntu", "", "Ubuntu"),
        ("Ubuntu (2026-11-01)", "", "Ubuntu"),
        ("Ubuntu (24.04.1)", "24.04.1", "Ubuntu"),
        ("Ubuntu (24.04.1)", "24.04.2", "Ubuntu (24.04.1)"),
        (" (1)", "1", "(1)"),
        ("", "", "ubuntu"),
        (None, "", "ubuntu"),
    ],
)
def test_the_plain_name_is_without_the_version(name, label, plain):
    assert version_swap.plain_name(version(name=name, label=label)) == plain


def test_a_name_with_its_version_fits_into_glance():
    assert version_swap.dated_name("Ubuntu", "1") == "Ubuntu (1)"
    assert version_swap.dated_name("Ubuntu", "") == "Ubuntu"
    long = version_swap.dated_name("x" * 255, "2026-11-30")
    assert len(long) == 255
    assert long.endswith("x (2026-11-30)")


SHA512, OTHER = Checksum("sha512", "a" * 128), Checksum("sha512", "b" * 128)


def verified(image_id, checksum=SHA512):
    return verified_property(image_id, Verified((checksum,), "2026-11-30T12:00:00Z", "kim"))


@pytest.mark.parametrize(
    ("properties", "attributes", "new", "former"),
    [
        (verified, {}, True, True),
        (lambda _id: {}, {}, False, True),
        (lambda id_: verified(id_, OTHER), {}, False, False),
        (lambda id_: expected_property(id_, OTHER), {}, False, False),
        (lambda id_: expected_property(id_, Checksum("sha256", "c" * 64)), {}, False, True),
        (lambda _id: {}, {"image_type": "snapshot"}, True, True),
        (
            lambda _id: {},
            {"image_type": "snapshot", "os_hash_value": None, "checksum": None},
            False,
            True,
        ),
    ],
)
def test_which_data_is_trusted(properties, attributes, new, former):
    image_id = factories.image_id()
    image = factories.image(id=image_id, **properties(image_id), **attributes)
    assert version_swap.is_trusted(image, NEW) is new
    assert version_swap.is_trusted(image, FORMER) is former


def test_the_latest_of_others_is_replaced():
    new, latest, former = version(), version(LATEST), version(FORMER)
    assert version_swap.current_latest([latest, new, former], new) is latest
    assert version_swap.current_latest([latest], latest) is None
    deleted = factories.deleted()
    record = family_property(deleted["id"], factories.PROJECT, Family("ubuntu", "", LATEST))
    gone = factories.image(**deleted, **record)
    assert version_swap.current_latest([gone, new], new) is None
