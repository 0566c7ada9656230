# SPDX-License-Identifier: Apache-2.0
"""A written file of the catalogue is read as what it was written from."""

from dataclasses import replace

import pytest

from helion_images_panel.catalogue import writing
from helion_images_panel.catalogue.entries import Build
from helion_images_panel.catalogue.files import read
from helion_images_panel.catalogue.newest import newest_build
from tests.publishers import Publishers
from tests.unit.catalogue.samples import official, reader

OFFICIAL = official()


@pytest.mark.parametrize("title", OFFICIAL)
def test_it_is_read_with_the_newest_build(title, tmp_path):
    entry = OFFICIAL[title]
    build = newest_build(entry, reader(Publishers()))
    path = tmp_path / "images.yaml"
    writing.write(path, writing.document_of([(entry, build)]))
    found = read([str(path)])
    assert found.problems == []
    # The content of a compressed file is compared only with the publisher's list.
    expected = replace(build, content_checksum=None, is_date_of_list=False)
    assert list(found.entries) == [replace(entry, versions=(expected,))]
    assert found.entries[0].newest_of_file == expected


def test_a_build_of_the_file_is_there_once(tmp_path):
    entry = OFFICIAL["Debian 13 (x86_64)"]
    old, new = Build("1", "https://h.example/1"), Build("2", "https://h.example/2")
    (image,) = writing.document_of([(replace(entry, versions=(new, old)), new)])["images"]
    assert [each["version"] for each in image["versions"]] == ["2", "1"]


def test_a_file_that_cannot_be_written_stays(tmp_path, monkeypatch):
    path = tmp_path / "images.yaml"
    path.write_text("before")

    def refused(*_arguments):
        raise OSError("disk full")

    monkeypatch.setattr(writing.os, "replace", refused)
    with pytest.raises(OSError, match="disk full"):
        writing.write(path, {"images": []})
    assert [each.name for each in tmp_path.iterdir()] == ["images.yaml"]
    assert path.read_text() == "before"
