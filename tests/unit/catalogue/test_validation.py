# SPDX-License-Identifier: Apache-2.0
"""Each error of a file is named with the file, the entry and the field."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helion_images_panel.catalogue.entries import Build
from helion_images_panel.catalogue.validation import MAX_ENTRIES, entries_of
from helion_images_panel.core.checksums import Checksum
from tests.unit.catalogue.samples import entry, raw

DIGITS = "ab" * 32
NEWEST = {"layout": "directory", "url": "https://files.example/u/{build}/u.img"}


def problems(document):
    _entries, found = entries_of(document, "own.yaml")
    return [str(problem) for problem in found]


def problem(**changed):
    """The one error of a file with one image."""
    entries, found = entries_of({"images": [raw(**changed)]}, "own.yaml")
    assert entries == []
    (only,) = found
    assert (only.file, only.entry) == ("own.yaml", changed.get("name", "Ubuntu 24.04"))
    return only.field, str(only)


def meta(**changed):
    return {**raw()["meta"], **changed}


def version(**changed):
    return [{**raw()["versions"][0], **changed}]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"format": "img"}, "format"),
        ({"format": None}, "format"),
        ({"login": 7}, "login"),
        ({"min_disk": "8"}, "min_disk"),
        ({"min_disk": True}, "min_disk"),
        ({"min_ram": -1}, "min_ram"),
        ({"min_ram": 2**40}, "min_ram"),
        ({"status": "queued"}, "status"),
        ({"visibility": ["public"]}, "visibility"),
        ({"multi": "yes"}, "multi"),
        ({"enable": 1}, "enable"),
        ({"tags": "os:ubuntu"}, "tags"),
        ({"tags": [1]}, "tags"),
        ({"colour": "red"}, "colour"),
        ({"meta": []}, "meta"),
        ({"meta": meta(architecture="amd64")}, "meta.architecture"),
        ({"meta": {"architecture": "x86_64"}}, "meta.os_distro"),
        ({"meta": meta(os_version=24.04)}, "meta.os_version"),
        ({"meta": meta(os_purpose="server")}, "meta.os_purpose"),
        ({"meta": meta(replace_frequency="hourly")}, "meta.replace_frequency"),
        ({"meta": meta(provided_until="forever")}, "meta.provided_until"),
        ({"meta": meta(provided_until="2026-02-30")}, "meta.provided_until"),
        ({"meta": meta(uuid_validity="last-N")}, "meta.uuid_validity"),
        ({"meta": meta(uuid_validity="last-0")}, "meta.uuid_validity"),
        ({"meta": meta(hotfix_hours="48")}, "meta.hotfix_hours"),
        ({"meta": meta(maintained_until="soon")}, "meta.maintained_until"),
        ({"meta": meta(image_source="https://files.example/")}, "meta.image_source"),
        ({"meta": meta(hw_disk_bus=["scsi"])}, "meta.hw_disk_bus"),
        ({"meta": meta(**{"a b": "c"})}, "meta.a b"),
        ({"meta": meta(note="turned \u202e round")}, "meta.note"),
        ({"versions": {}}, "versions"),
        ({"versions": []}, "versions"),
        ({"versions": ["20260108"]}, "versions[1]"),
        ({"versions": version(url="ftp://files.example/u.img")}, "versions[1].url"),
        ({"versions": version(url="file:///etc/passwd")}, "versions[1].url"),
        ({"versions": version(url="https://me:secret@files.example/u.img")}, "versions[1].url"),
        ({"versions": version(checksum=DIGITS)}, "versions[1].checksum"),
        ({"versions": version(checksum=f"md5:{DIGITS}")}, "versions[1].checksum"),
        ({"versions": version(checksum=f"crc32:{DIGITS}")}, "versions[1].checksum"),
        ({"versions": version(build_date="08.01.2026")}, "versions[1].build_date"),
        ({"versions": version(version=20260108)}, "versions[1].version"),
        ({"versions": version(source="from a colleague")}, "versions[1].source"),
        ({"versions": version(size=0)}, "versions[1].size"),
        ({"newest": "https://files.example/"}, "newest"),
        ({"newest": {"url": NEWEST["url"]}}, "newest.layout"),
        ({"newest": {**NEWEST, "layout": "rss"}}, "newest.layout"),
        ({"newest": {**NEWEST, "product": "x"}}, "newest.product"),
        ({"newest": {**NEWEST, "url": "https://files.example/u.img"}}, "newest.url"),
        ({"newest": {**NEWEST, "url": "https://{build}.example/u.img"}}, "newest.url"),
        ({"newest": {**NEWEST, "url": f"{NEWEST['url']}?a=b"}}, "newest.url"),
        ({"newest": {**NEWEST, "checksums": "../SHA256SUMS"}}, "newest.checksums"),
        ({"newest": {**NEWEST, "hosts": ["https://mirror.example/"]}}, "newest.hosts"),
        ({"newest": {**NEWEST, "layout": "text", "find": "v{build}"}}, "newest.list"),
        (
            {"newest": {"layout": "simplestreams", "url": "x", "product": "p", "item": "i"}},
            "newest.url",
        ),
        ({"latest_url": "gopher://files.example/u.img"}, "latest_url"),
    ],
)
def test_a_wrong_field_is_named(changed, field):
    found, text = problem(**changed)
    assert found == field
    assert text.startswith(f"own.yaml: entry “Ubuntu 24.04”: {field} ")
    assert text.endswith(".")


def test_a_password_is_not_repeated():
    _field, text = problem(versions=version(url="https://me:secret@files.example/u.img"))
    assert "secret" not in text


def test_all_errors_of_a_file_are_named_and_right_entries_stay():
    document = {"images": [raw(name="A"), raw(name="B", format="x", login=1), 7, raw(name="")]}
    entries, found = entries_of(document, "own.yaml")
    assert [each.name for each in entries] == ["A"]
    assert [(each.entry, each.field) for each in found] == [
        ("B", "format"),
        ("B", "login"),
        ("number 3", ""),
        ("number 4", "name"),
    ]


@pytest.mark.parametrize("document", [None, [], {}, {"images": {}}, {"images": []}, "images", 5])
def test_a_file_without_images(document):
    assert problems(document) == [f"own.yaml: images must be a list of 1 to {MAX_ENTRIES} images."]


def test_a_name_is_used_once_for_each_architecture():
    other = meta(architecture="aarch64")
    assert problems({"images": [raw(), raw(meta=other)]}) == []
    assert problems({"images": [raw(), raw()]}) == [
        "own.yaml: entry “Ubuntu 24.04”: name is used twice for the architecture x86_64."
    ]


def test_a_field_beside_the_images():
    assert problems({"images": [raw()], "imagse": []}) == [
        "own.yaml: imagse is no field of the catalogue."
    ]


def test_values_as_yaml_reads_them():
    found = entry(
        meta=meta(
            hw_vif_multiqueue_enabled=True,
            hw_disk_bus=None,
            patchlevel=7,
            provided_until=datetime.date(2027, 4, 1),
            hotfix_hours=0,
        ),
        versions=version(
            build_date=datetime.datetime(2026, 1, 8, 12, tzinfo=datetime.UTC),
            checksum=f"sha256:{DIGITS}",
        ),
    )
    assert found.meta == {
        "architecture": "x86_64",
        "os_distro": "ubuntu",
        "os_version": "24.04",
        "hw_vif_multiqueue_enabled": "true",
        "patchlevel": "7",
        "provided_until": "2027-04-01",
        "hotfix_hours": "0",
    }
    assert found.newest_of_file == Build(
        "20260108",
        "https://files.example/20260108/u.img",
        Checksum("sha256", DIGITS),
        "2026-01-08",
    )


def test_hosts_are_those_that_the_entry_names():
    newest = {**NEWEST, "hosts": ["mirror.example", "mirror.example:8080"]}
    assert entry(newest=newest).hosts == {
        "files.example",
        "mirror.example",
        "mirror.example:8080",
    }
    latest = entry(
        latest_url="https://files.example/u.img", latest_checksum_url="https://sums.example/SUMS"
    )
    assert latest.hosts == {"files.example", "sums.example"}
    assert entry().hosts == frozenset()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.integers(), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from([*sorted(raw()), "newest", "enable", "latest_url"]), ANYTHING)
def test_any_value_is_right_or_named(field, value):
    entries, found = entries_of({"images": [{**raw(), field: value}]}, "own.yaml")
    assert bool(entries) != bool(found)


@given(ANYTHING)
def test_any_document_is_right_or_named(document):
    entries, found = entries_of(document, "own.yaml")
    assert entries == []
    assert found
