# SPDX-License-Identifier: Apache-2.0
"""Entries and files of the catalogue for tests."""

from __future__ import annotations

from typing import Any

import yaml

from helion_images_panel.catalogue.entries import Entry
from helion_images_panel.catalogue.newest import Missing, NotFound, Response
from helion_images_panel.catalogue.validation import entries_of
from tests import publishers
from tests.publishers import Publishers


def raw(**changed: Any) -> dict[str, Any]:
    """One image of a file, all right; None leaves a field out."""
    image = {
        "name": "Ubuntu 24.04",
        "format": "qcow2",
        "login": "ubuntu",
        "min_disk": 8,
        "min_ram": 512,
        "status": "active",
        "visibility": "public",
        "multi": True,
        "meta": {"architecture": "x86_64", "os_distro": "ubuntu", "os_version": "24.04"},
        "tags": [],
        "versions": [{"version": "20260108", "url": "https://files.example/20260108/u.img"}],
        **changed,
    }
    return {name: value for name, value in image.items() if value is not None}


def entry(**changed: Any) -> Entry:
    (found,), problems = entries_of({"images": [raw(**changed)]}, "own.yaml")
    assert problems == []
    return found


def official() -> dict[str, Entry]:
    """The entries of the package by name and architecture, with the URLs of the test server."""
    entries, problems = entries_of(yaml.safe_load(publishers.catalogue_text()), "official.yaml")
    assert problems == []
    return {each.title: each for each in entries}


def reader(server: Publishers):
    """Reads from the test server without a network."""

    def read(url: str, hosts: frozenset[str], max_bytes: int) -> Response:
        response = server.response(url)
        server.requested.append(url)
        if response.status == 404:
            raise Missing("404")
        if response.status != 200:
            raise NotFound(str(response.status))
        assert len(response.body) <= max_bytes
        day = publishers.LAST_MODIFIED_DAY if response.headers else ""
        return Response(response.body.decode(), day)

    return read
