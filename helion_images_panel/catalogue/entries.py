# SPDX-License-Identifier: Apache-2.0
"""What the catalogue has of an official image: its fields, its builds, where they are listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.url import last_part

#: Layouts of the lists in which publishers name their builds.
DIRECTORY = "directory"
TEXT = "text"
SIMPLESTREAMS = "simplestreams"
COREOS = "coreos"
LATEST = "latest"

#: Endings of files that are compressed as a whole.
_COMPRESSIONS = {".gz": "gzip", ".xz": "xz", ".bz2": "bzip2", ".zst": "zstd", ".zip": "zip"}

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Build:
    """One file of a publisher.

    `build_date` is ISO 8601, and empty if it is not known. It is that of the list of checksums
    if `is_date_of_list`, and the file may be older. `checksum` is that of the file as
    it is downloaded, `content_checksum` that of a compressed file's content.
    """

    version: str
    url: str
    checksum: Checksum | None = None
    build_date: str = ""
    size_bytes: int | None = None
    content_checksum: Checksum | None = None
    source: str = ""
    is_date_of_list: bool = False

    @property
    def compression(self) -> str:
        """How the file is compressed; empty if it is not."""
        name = last_part(self.url).lower()
        return next((kind for end, kind in _COMPRESSIONS.items() if name.endswith(end)), "")


@dataclass(frozen=True)
class Listing:
    """Where the publisher lists the newest build, and in which layout.

    :ivar url: of the file, with "{build}" for its version, or of the JSON document
    :ivar list_url: of the list, if it is not the folder in which "{build}" first occurs
    :ivar find: the word of a text that has the version, with "{build}"
    :ivar checksums: name of the list of checksums beside the file, with "{build}" or "{file}"
    :ivar select: what selects the file in a JSON document, by the names of the catalogue's fields
    """

    layout: str
    url: str
    list_url: str = ""
    find: str = ""
    checksums: str = ""
    select: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """An official image, by the names of openstack-image-manager.

    :ivar meta: properties of the image, as text
    :ivar hosts: hosts that responses about it may come from
    """

    name: str
    format: str
    login: str
    min_disk_gib: int
    min_ram_mib: int
    status: str
    visibility: str
    is_multi: bool
    meta: Mapping[str, str]
    tags: tuple[str, ...]
    versions: tuple[Build, ...]
    listing: Listing | None = None
    hosts: frozenset[str] = frozenset()
    is_enabled: bool = True

    @property
    def architecture(self) -> str:
        return self.meta["architecture"]

    @property
    def key(self) -> tuple[str, str]:
        """What an entry of another file replaces it by."""
        return self.name, self.architecture

    @property
    def title(self) -> str:
        return f"{self.name} ({self.architecture})"

    @property
    def file_hosts(self) -> frozenset[str]:
        """Hosts that the data of a build may come from: also those of the file's own builds."""
        return self.hosts.union(host_of(build.url) for build in self.versions)

    @property
    def end_of_support(self) -> str:
        """ISO date until which the publisher maintains it; empty if it is not known."""
        return self.meta.get("maintained_until", "")

    @property
    def newest_of_file(self) -> Build | None:
        """The newest of the builds that the catalogue's file itself has."""
        return max(self.versions, key=lambda build: build.build_date, default=None)


def host_of(url: str) -> str:
    """Return the host of a URL, with its port if that is not the usual one of its scheme."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    usual = parts.port in (None, _DEFAULT_PORTS.get(parts.scheme))
    return host if usual else f"{host}:{parts.port}"
