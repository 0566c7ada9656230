# SPDX-License-Identifier: Apache-2.0
"""The catalogue with the newest builds as a file, for a dashboard that reaches no publisher."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from helion_images_panel.catalogue.entries import LATEST, Build, Entry, Listing, host_of

#: Permissions of the file: it has no secrets, and the dashboard's user reads it.
_MODE = 0o644


def document_of(builds: Sequence[tuple[Entry, Build | None]]) -> dict[str, Any]:
    """Return the content of a file of the catalogue. Each entry has its newest build, if that is
    known, before those of its own file.
    """
    return {"images": [_image(entry, build) for entry, build in builds]}


def kept(
    found: Sequence[tuple[Entry, Build | None]], before: Mapping[tuple[str, str], Entry]
) -> list[tuple[Entry, Build | None]]:
    """Give entries without a newest build the builds that a file had `before`, by their keys: a
    publisher that does not answer now is no reason to offer nothing.
    """
    return [
        (replace(entry, versions=before[entry.key].versions), None)
        if build is None and entry.key in before
        else (entry, build)
        for entry, build in found
    ]


def write(path: Path, document: Mapping[str, Any]) -> None:
    """Replace the file as a whole: a dashboard may read it meanwhile. Raise OSError."""
    path = path.resolve()
    text = yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode) if path.exists() else _MODE)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _image(entry: Entry, newest: Build | None) -> dict[str, Any]:
    others = [build for build in entry.versions if newest is None or build.url != newest.url]
    return {
        "name": entry.name,
        "format": entry.format,
        "login": entry.login,
        "min_disk": entry.min_disk_gib,
        "min_ram": entry.min_ram_mib,
        "status": entry.status,
        "visibility": entry.visibility,
        "multi": entry.is_multi,
        "meta": dict(entry.meta),
        "tags": list(entry.tags),
        **(_listing(entry.listing, entry.hosts) if entry.listing else {}),
        "versions": [_version(build) for build in (*([newest] if newest else []), *others)],
    }


def _listing(listing: Listing, hosts: frozenset[str]) -> dict[str, Any]:
    if listing.layout == LATEST:
        found = {"latest_url": listing.url, "latest_checksum_url": listing.list_url}
        return {name: url for name, url in found.items() if url}
    own = {host_of(url) for url in (listing.url, listing.list_url) if url}
    optional = {
        "list": listing.list_url,
        "find": listing.find,
        "checksums": listing.checksums,
        **listing.select,
        "hosts": sorted(hosts - own),
    }
    given = {name: value for name, value in optional.items() if value}
    return {"newest": {"layout": listing.layout, "url": listing.url, **given}}


def _version(build: Build) -> dict[str, Any]:
    optional = {
        "build_date": build.build_date,
        "checksum": str(build.checksum) if build.checksum else "",
        "size": build.size_bytes,
        "source": build.source,
    }
    given = {name: value for name, value in optional.items() if value}
    return {"version": build.version, "url": build.url, **given}
