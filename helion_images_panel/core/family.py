# SPDX-License-Identifier: Apache-2.0
"""Families: the versions of one image, of which one is the latest.

A family belongs to one project: it is named by the project and its own name together. The
record is a signed property, and names the project: an image that has got another owner
belongs to no family any more, and neither does a copy of the record on another image.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from helion_images_panel.core.image import Image
from helion_images_panel.core.signed_properties import signed_parts, signed_property
from helion_images_panel.core.visible_text import is_visible, isolated

#: "<image ID> <project ID> <family> <version> <role>;<ends> <journal>:<signature>"; family and
#: version are quoted as in URLs. The journal is that of `core.version_swap`, the ends are those of
#: `core.end_rule`, and are left out with the semicolon if there are none.
PROPERTY = "helion_images_family"
SALT = "family"

#: The name of the family again, by which Glance filters: it compares whole values, and the
#: signed ones all differ. It proves nothing. Nova copies it to snapshots of instances.
NAME_PROPERTY = "helion_images_family_name"

#: Roles: the latest version; one that was the latest before; one that never was.
LATEST, FORMER, NEW = "latest", "former", "new"
ROLES = (LATEST, FORMER, NEW)

#: Maximum number of characters of a family's name, and of a version.
NAME_LENGTH, VERSION_LENGTH = 100, 40

#: A name stands in a URL between slashes.
_EXCLUDED = re.compile(r"[/\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

#: Properties that suggest a name, in its order. Source: SCS-0102, "Image metadata".
SUGGESTING = ("os_distro", "os_version", "os_purpose", "architecture")


@dataclass(frozen=True)
class Family:
    """The record of one version.

    :ivar version: what tells it from others, such as a date; empty for none
    :ivar journal: of the change that makes it the latest; empty if none has begun
    :ivar ends: of the latest version the family's rule for earlier ones; of an earlier one what
        that rule has made of its dates; without blanks, and empty for none
    """

    name: str
    version: str = ""
    role: str = NEW
    journal: str = ""
    ends: str = ""


def family_record(image: Image) -> Family | None:
    """Return the record; None without one that this dashboard signed for this image and owner."""
    parts = signed_parts(image, PROPERTY, SALT, 5)
    if not parts or not image.owner or parts[0] != image.owner:
        return None
    _owner, name, version, role, journal = parts
    role, _separator, ends = role.partition(";")
    if role not in ROLES:
        return None
    family = Family(unquote(name), unquote(version), role, journal, ends)
    return family if is_family_name(family.name) else None


def family_of(image: Image) -> str:
    """Return the name of the image's family; empty for none, also with a record that is not valid.

    Only images of the same owner belong to the same family.
    """
    record = family_record(image)
    return record.name if record else ""


def family_property(image_id: str, owner: str, family: Family) -> Mapping[str, str]:
    """Build the properties of a version, as a change of the image."""
    role = f"{family.role};{family.ends}" if family.ends else family.role
    parts = (quote(family.name, safe=""), quote(family.version, safe=""), role)
    signed = signed_property(PROPERTY, SALT, image_id, owner, *parts, family.journal)
    return {**signed, NAME_PROPERTY: family.name}


def next_version_property(
    image_id: str, owner: str | None, other: Image, version: str
) -> Mapping[str, str]:
    """Build the properties of an image that becomes a new version of the other one's family."""
    return family_property(image_id, owner or "", Family(family_of(other), version, NEW))


def family_label(latest: Image) -> str:
    """Return the family of its latest version as text to choose from: with that one's name."""
    return f"{isolated(family_of(latest))} ({latest.display_name})"


def is_family_name(name: str) -> bool:
    """Whether a family may have this name."""
    if len(name) > NAME_LENGTH or name != name.strip() or name in (".", ".."):
        return False
    return not _EXCLUDED.search(name) and is_visible(name)


def is_version(version: str) -> bool:
    """Whether a version may have this name; an empty one is none."""
    if len(version) > VERSION_LENGTH or version != version.strip():
        return False
    return not version or (not _EXCLUDED.search(version) and is_visible(version))


def versions_of(images: Iterable[Image], owner: str | None, name: str) -> list[Image]:
    """Return those of the images that are versions of this project's family, the latest first."""
    return newest_first(
        image for image in images if owner and image.owner == owner and family_of(image) == name
    )


def newest_first(images: Iterable[Image]) -> list[Image]:
    """Sort versions of one family: the latest one, then the others by date, the newest first.

    After a roll back the latest one is older than others. While it is being replaced, the
    new one comes first.
    """
    return sorted(images, key=_rank, reverse=True)


def _rank(image: Image) -> tuple[bool, bool, str, str]:
    record = family_record(image)
    is_latest = record is not None and record.role == LATEST
    is_changing = record is not None and is_latest and bool(record.journal)
    return is_latest, is_changing, image.created_at or "", image.id


def families_among(images: Iterable[Image]) -> Mapping[tuple[str, str], Sequence[Image]]:
    """Return the versions of each family, by the owner's ID and the family's name."""
    found: dict[tuple[str, str], list[Image]] = {}
    for image in images:
        if name := family_of(image):
            found.setdefault((image.owner or "", name), []).append(image)
    return {key: newest_first(versions) for key, versions in found.items()}


def suggested_family(image: Image) -> str:
    """Return a name for the image's family, such as "ubuntu-24.04-minimal-x86_64"; empty unless
    its properties name an operating system.
    """
    return suggested_name(image.properties)


def suggested_name(properties: Mapping[str, object]) -> str:
    """Return the same for these properties."""
    values = [_word(properties.get(name)) for name in SUGGESTING]
    name = "-".join(filter(None, values))[:NAME_LENGTH].rstrip("-")
    return name if values[0] and is_family_name(name) else ""


def _word(value: object) -> str:
    return "-".join(_EXCLUDED.sub(" ", str(value or "")).split())


def default_version(image: Image) -> str:
    """Return the day of the image's creation, as "2026-11-30"; empty if it is unknown."""
    return (image.created_at or "")[:10]
