# SPDX-License-Identifier: Apache-2.0
"""The files that the setting names, and their errors."""

import pytest
import yaml
from django.core import checks

from helion_images_panel import conf
from helion_images_panel.catalogue import files
from helion_images_panel.catalogue.fields import PROPERTIES
from helion_images_panel.catalogue.files import OFFICIAL, OFFICIAL_FILE, catalogue, read
from tests import publishers
from tests.unit.catalogue.samples import raw

PUBLISHERS = {
    "almalinux",
    "alpinelinux",
    "arch",
    "centos",
    "cirros",
    "debian",
    "fedora",
    "fedora-coreos",
    "flatcar",
    "freebsd",
    "opensuse",
    "rocky",
    "talos",
    "ubuntu",
}


@pytest.fixture
def write(tmp_path):
    def write(name, content):
        path = tmp_path / name
        text = content if isinstance(content, str | bytes) else yaml.safe_dump(content)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def test_the_file_of_the_package_is_right():
    found = catalogue()
    assert found.problems == []
    assert {entry.meta["os_distro"] for entry in found.entries} == PUBLISHERS
    assert {entry.name for entry in found.entries} == set(publishers.NEWEST)
    for entry in found.entries:
        # The properties of SCS-0102 that have no build's value; some have no version.
        assert set(PROPERTIES) - set(entry.meta) <= {
            "os_version",
            "hotfix_hours",
            "maintained_until",
        }
        assert entry.meta["image_description"].startswith("https://")
        assert entry.listing.url.startswith("https://")


def test_an_operators_file_replaces_and_adds_entries(write):
    own = write("own.yaml", {"images": [raw(login="admin"), raw(name="Appliance 1")]})
    official = {entry.key for entry in read([OFFICIAL]).entries}
    found = {entry.key: entry for entry in read([OFFICIAL, own]).entries}
    assert set(found) == official | {("Appliance 1", "x86_64")}
    assert found["Ubuntu 24.04", "x86_64"].login == "admin"
    assert found["Ubuntu 24.04", "aarch64"].login == "ubuntu"
    assert len(read([own]).entries) == 2


def test_an_entry_that_is_not_enabled_takes_one_away(write):
    own = write("own.yaml", {"images": [raw(enable=False)]})
    keys = {entry.key for entry in read([OFFICIAL, own]).entries}
    assert ("Ubuntu 24.04", "x86_64") not in keys
    assert ("Ubuntu 24.04", "aarch64") in keys


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (": :", "The file is not valid YAML in line 1"),
        ("images:\n  - name: a\n\tb", "The file is not valid YAML in line 3"),
        ("images: !!python/object/apply:os.getcwd []", "The file is not valid YAML in line 1"),
        ("images:\n- name: a\n  name: b", "the field “name” is there twice"),
        (b"images: \xff\xfe", "The file is not valid YAML: it has characters"),
        ("images: 2026-13-45", "The file is not valid YAML"),
        ("[" * 5000, "The file is not valid YAML"),
        ("", "images must be a list"),
    ],
)
def test_a_file_that_cannot_be_read(write, content, text):
    path = write("own.yaml", content)
    found = read([path])
    assert found.entries == []
    (problem,) = found.problems
    assert text in str(problem)
    assert problem.file == path


def test_a_missing_file_and_a_folder(tmp_path):
    texts = [str(problem) for problem in read([str(tmp_path / "no.yaml"), str(tmp_path)]).problems]
    assert texts == [
        f"{tmp_path}/no.yaml: The file cannot be read: No such file or directory.",
        f"{tmp_path}: The file cannot be read: Is a directory.",
    ]


def test_a_large_file_is_not_parsed(write, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 1024**2)
    (problem,) = read([write("own.yaml", "#" * (1024**2 + 1))]).problems
    assert str(problem).endswith("The file is larger than 1 MiB.")


def test_merged_fields_of_yaml(write):
    text = "images:\n- &a\n" + "".join(f"  {line}\n" for line in yaml.safe_dump(raw()).splitlines())
    path = write("own.yaml", f"{text}- <<: *a\n  name: Another\n")
    found = read([path])
    assert [entry.name for entry in found.entries] == ["Ubuntu 24.04", "Another"]


def test_the_system_check_names_each_error(settings, write):
    path = write("own.yaml", {"images": [raw(format="img", min_ram=-1)]})
    settings.HELION_IMAGES_CATALOGUE = [OFFICIAL, path]
    found = checks.run_checks(tags=["helion_images_panel"])
    assert [message.id for message in found] == ["helion_images_panel.E009"] * 2
    assert found[0].msg.startswith(f"{path}: entry “Ubuntu 24.04”: format must be one of ")
    assert conf.CATALOGUE.name in found[0].hint


def test_the_file_is_part_of_the_package():
    assert OFFICIAL_FILE.is_file()
