# SPDX-License-Identifier: Apache-2.0
"""A file of the catalogue as entries, and every error in it by entry and field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helion_images_panel.catalogue import fields
from helion_images_panel.catalogue.entries import (
    COREOS,
    DIRECTORY,
    LATEST,
    SIMPLESTREAMS,
    TEXT,
    Build,
    Entry,
    Listing,
    host_of,
)
from helion_images_panel.catalogue.fields import Field

#: Maximum number of entries of a file, and of builds of an entry.
MAX_ENTRIES = 1000
MAX_VERSIONS = 200

_FORMATS = ("aki", "ari", "ami", "raw", "iso", "vhd", "vhdx", "vdi", "qcow2", "vmdk", "ploop")
_VISIBILITIES = ("public", "private", "community", "shared")

_IMAGE = {
    "name": Field(fields.text, True),
    "format": Field(fields.one_of(*_FORMATS), True),
    "login": Field(fields.text, True),
    "min_disk": Field(fields.whole_number, True),
    "min_ram": Field(fields.whole_number, True),
    "status": Field(fields.one_of("active", "deactivated"), True),
    "visibility": Field(fields.one_of(*_VISIBILITIES), True),
    "multi": Field(fields.flag, True),
    "meta": Field(lambda value: value, True),
    "tags": Field(fields.list_of(fields.text, 100), True),
    "versions": Field(lambda value: value, True),
    "enable": Field(fields.flag),
    "keep": Field(fields.flag),
    "password": Field(fields.text),
    "separator": Field(fields.text),
    "shortname": Field(fields.text),
    "latest_url": Field(fields.url),
    "latest_checksum_url": Field(fields.url),
    "newest": Field(lambda value: value),
}

_VERSION = {
    "version": Field(fields.text, True),
    "url": Field(fields.url, True),
    "build_date": Field(fields.day),
    "checksum": Field(fields.checksum),
    "checksums_url": Field(fields.url),
    "hidden": Field(fields.flag),
    "id": Field(fields.text),
    "image_description": Field(fields.text),
    "meta": Field(lambda value: value),
    "mirror_url": Field(fields.url),
    "os_version": Field(fields.text),
    "size": Field(fields.size),
    "source": Field(fields.source),
    "visibility": Field(fields.one_of(*_VISIBILITIES)),
}

_LAYOUT = Field(fields.one_of(DIRECTORY, TEXT, SIMPLESTREAMS, COREOS), True)
_HOSTS = Field(fields.list_of(fields.host, 20))

#: Fields of "newest" by layout.
_LISTINGS: Mapping[str, Mapping[str, Field]] = {
    DIRECTORY: {
        "url": Field(fields.url_with_build, True),
        "checksums": Field(fields.file_name),
    },
    TEXT: {
        "url": Field(fields.url_with_build, True),
        "list": Field(fields.url, True),
        "find": Field(fields.text_with_build, True),
        "checksums": Field(fields.file_name),
    },
    SIMPLESTREAMS: {
        "url": Field(fields.url, True),
        "product": Field(fields.text, True),
        "item": Field(fields.text, True),
    },
    COREOS: {
        "url": Field(fields.url, True),
        "artifact": Field(fields.text, True),
        "format": Field(fields.text, True),
    },
}


@dataclass(frozen=True)
class Problem:
    """One error of a file. `entry` is empty for the whole file, `field` for a whole entry."""

    file: str
    entry: str
    field: str
    text: str

    def __str__(self) -> str:
        place = f"{self.file}: "
        if self.entry:
            place += f"entry “{self.entry}”: "
        return f"{place}{self.field} {self.text}." if self.field else f"{place}{self.text}."


class _Reader:
    """Reads the fields of one entry, and collects the errors."""

    def __init__(self, file: str, entry: str):
        self._place = file, entry
        self.problems: list[Problem] = []

    def add(self, field: str, text: str) -> None:
        self.problems.append(Problem(*self._place, field, text))

    def mapping(self, value: Any, prefix: str) -> dict[str, Any] | None:
        if isinstance(value, dict):
            return value
        self.add(prefix, "must be a mapping of fields to values")
        return None

    def read(self, raw: Mapping[str, Any], table: Mapping[str, Field], prefix: str = "") -> Any:
        """Return the valid fields of the table; a field that it lacks is an error."""
        found = {}
        for name in raw:
            if name not in table:
                self.add(prefix + _shown(name), "is no field of the catalogue")
        for name, field in table.items():
            if name in raw:
                try:
                    found[name] = field.check(raw[name])
                except ValueError as error:
                    self.add(prefix + name, str(error))
            elif field.is_required:
                self.add(prefix + name, "is missing")
        return found


def entries_of(document: Any, file: str) -> tuple[list[Entry], list[Problem]]:
    """Return the entries of a parsed YAML file that are right, and all errors."""
    images = document.get("images") if isinstance(document, dict) else None
    if not isinstance(images, list) or not images or len(images) > MAX_ENTRIES:
        text = f"must be a list of 1 to {MAX_ENTRIES} images"
        return [], [Problem(file, "", "images", text)]
    problems = [
        Problem(file, "", _shown(name), "is no field of the catalogue")
        for name in document
        if name != "images"
    ]
    entries: dict[tuple[str, str], Entry] = {}
    for number, raw in enumerate(images, 1):
        entry, found = _entry(raw, file, number)
        problems += found
        if entry and entry.key in entries:
            text = f"is used twice for the architecture {entry.architecture}"
            problems.append(Problem(file, entry.name, "name", text))
        elif entry:
            entries[entry.key] = entry
    return list(entries.values()), problems


def _entry(raw: Any, file: str, number: int) -> tuple[Entry | None, list[Problem]]:
    name = raw.get("name") if isinstance(raw, dict) else None
    reader = _Reader(file, name if isinstance(name, str) and name else f"number {number}")
    if not isinstance(raw, dict):
        reader.add("", "must be a mapping of fields to values")
        return None, reader.problems
    found = reader.read(raw, _IMAGE)
    meta = _meta(reader, found["meta"], "meta.", is_complete=True) if "meta" in found else {}
    versions = _versions(reader, found.get("versions", []))
    listing, hosts = _listing(reader, found)
    if listing is None and not versions and not reader.problems:
        reader.add("versions", "must have a build, as there is neither “newest” nor “latest_url”")
    if reader.problems:
        return None, reader.problems
    return (
        Entry(
            name=found["name"],
            format=found["format"],
            login=found["login"],
            min_disk_gib=found["min_disk"],
            min_ram_mib=found["min_ram"],
            status=found["status"],
            visibility=found["visibility"],
            is_multi=found["multi"],
            meta=meta,
            tags=found["tags"],
            versions=versions,
            listing=listing,
            hosts=hosts,
            is_enabled=found.get("enable", True),
        ),
        [],
    )


def _meta(reader: _Reader, raw: Any, prefix: str, is_complete: bool) -> dict[str, str]:
    """Return the properties as text; null leaves one out."""
    meta: dict[str, str] = {}
    properties = reader.mapping(raw, prefix[:-1])
    if properties is None:
        return meta
    for name, value in properties.items():
        known = fields.PROPERTIES.get(name) if isinstance(name, str) else None
        try:
            if name in fields.OF_A_BUILD:
                raise ValueError("is set for each build, and must not be in the file")
            checked = (known.check if known else fields.property_value)(value)
            meta[fields.property_name(name)] = str(checked)
        except ValueError as error:
            reader.add(prefix + _shown(name), str(error))
    for name, known in fields.PROPERTIES.items():
        if is_complete and known.is_required and name not in properties:
            reader.add(prefix + name, "is missing")
    return {name: value for name, value in meta.items() if value}


def _versions(reader: _Reader, raw: Any) -> tuple[Build, ...]:
    if not isinstance(raw, list) or len(raw) > MAX_VERSIONS:
        reader.add("versions", f"must be a list of up to {MAX_VERSIONS} builds")
        return ()
    builds = []
    for number, each in enumerate(raw, 1):
        prefix = f"versions[{number}]."
        if reader.mapping(each, prefix[:-1]) is None:
            continue
        found = reader.read(each, _VERSION, prefix)
        if "meta" in found:
            _meta(reader, found["meta"], f"{prefix}meta.", is_complete=False)
        if "version" in found and "url" in found:
            build = Build(
                version=found["version"],
                url=found["url"],
                checksum=found.get("checksum"),
                build_date=found.get("build_date", ""),
                size_bytes=found.get("size"),
                source=found.get("source", ""),
            )
            builds.append(build)
    return tuple(builds)


def _listing(reader: _Reader, found: Mapping[str, Any]) -> tuple[Listing | None, frozenset[str]]:
    """Return where the newest build is listed, and the hosts that may respond."""
    if "newest" in found:
        return _newest(reader, found["newest"])
    if "latest_url" in found:
        listing = Listing(
            LATEST, found["latest_url"], list_url=found.get("latest_checksum_url", "")
        )
        return listing, _hosts([listing.url, listing.list_url])
    return None, frozenset()


def _newest(reader: _Reader, raw: Any) -> tuple[Listing | None, frozenset[str]]:
    given = reader.mapping(raw, "newest")
    if given is None:
        return None, frozenset()
    head = {key: value for key, value in given.items() if key == "layout"}
    layout = reader.read(head, {"layout": _LAYOUT}, "newest.").get("layout")
    if not layout:
        return None, frozenset()
    table = {"layout": _LAYOUT, "hosts": _HOSTS, **_LISTINGS[layout]}
    values = reader.read(given, table, "newest.")
    if any(name not in values for name, field in table.items() if field.is_required):
        return None, frozenset()
    listing = Listing(
        layout=layout,
        url=values["url"],
        list_url=values.get("list", ""),
        find=values.get("find", ""),
        checksums=values.get("checksums", ""),
        select={
            name: values[name]
            for name in ("product", "item", "artifact", "format")
            if name in values
        },
    )
    return listing, _hosts([listing.url, listing.list_url]) | frozenset(values.get("hosts", ()))


def _hosts(urls: Sequence[str]) -> frozenset[str]:
    return frozenset(host_of(url) for url in urls if url)


def _shown(name: Any) -> str:
    """A name of a file's field in a message: YAML allows all values as names."""
    return name if isinstance(name, str) and name.isprintable() else repr(name)[:80]
