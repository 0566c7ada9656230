# SPDX-License-Identifier: Apache-2.0
"""The sizes of cache entries that doc/source/sizing.md has."""

from __future__ import annotations

import pickle
import re
import uuid
from pathlib import Path

import pytest

from helion_images_panel.api import stretches
from helion_images_panel.api.projects import Project
from helion_images_panel.core.stretch import END, Stretch

PAGE = Path(__file__).resolve().parents[2] / "doc" / "source" / "sizing.md"

#: Memcached's limit of an entry, unless it is started with another one.
MEMCACHED_BYTES = 1024 * 1024


def id_of(number):
    return uuid.uuid5(uuid.NAMESPACE_OID, str(number))


def a_list(images):
    places = tuple((str(id_of(number)), "") for number in range(images))
    return (Stretch(END, END, places, "2026-01-01T00:00:00Z", 1.0),)


def the_projects(count):
    domain_id = id_of("domain").hex
    return (
        [Project(id_of(number).hex, f"project-{number:05d}", domain_id) for number in range(count)],
    )


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("IDs of a list", a_list(stretches.MAX_IDS)),
        ("projects of a domain", the_projects(5_000)),
    ],
    ids=["list", "projects"],
)
def test_sizes_of_cache_entries(entry, value):
    size_bytes = len(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
    assert size_bytes < MEMCACHED_BYTES
    row = re.search(rf"(?m)^\| ([\d,]+) {entry} \| (\d+) KiB \|", PAGE.read_text())
    assert row, f"{entry}: {size_bytes / 1024} KiB"
    assert int(row[2]) == pytest.approx(size_bytes / 1024, rel=0.1)
