# SPDX-License-Identifier: Apache-2.0
"""The values that an existing image takes from the latest version of a family.

What the image lacks is added, unless the user leaves it out. What it has in another way stays,
unless the user chooses the value of the latest version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from helion_images_panel.core.changes import is_patchable
from helion_images_panel.core.family import (
    NAME_PROPERTY,
    SUGGESTING,
    family_of,
    suggested_name,
)
from helion_images_panel.core.image import Image
from helion_images_panel.core.version_swap import dated_name, plain_name

#: Properties of one snapshot, which are wrong for another image.
_OF_A_SNAPSHOT = frozenset(
    {
        "base_image_ref",
        "bdm_v2",
        "block_device_mapping",
        "boot_roles",
        "image_location",
        "image_state",
        "image_type",
        "instance_uuid",
        "owner_id",
        "owner_project_name",
        "owner_user_name",
        "root_device_name",
        "user_id",
    }
)

#: Prefixes of properties of one image's data: its key, which Glance deletes with an image that
#: names it, if the deletion policy says so; its signature; what a client has noted of its file.
_OF_ITS_DATA = ("cinder_encryption_", "img_signature", "signature_verified", "owner_specified.")

#: Properties of one file: its origin, and the parts of a machine image.
_OF_A_FILE = frozenset({"image_source", "image_build_date", "kernel_id", "ramdisk_id"})

#: Value names that are no properties.
NAME, PROTECTED, TAGS = "name", "protected", "tags"


def is_of_one_image(name: str) -> bool:
    """Whether the property is wrong for any other image, also one with the same purpose."""
    return name in _OF_A_SNAPSHOT or name.startswith(_OF_ITS_DATA)


@dataclass(frozen=True)
class Difference:
    """A value that the image has in another way than the latest version."""

    name: str
    now: str
    latest: str


@dataclass(frozen=True)
class Takeover:
    """What the image takes: of `added` and `differing` what the user chooses, the rest in any case.

    :ivar tags: those that it lacks
    :ivar protects: whether it becomes protected
    """

    added: Mapping[str, str]
    differing: tuple[Difference, ...]
    tags: tuple[str, ...]
    protects: bool

    def changes(self, image: Image, chosen: Collection[str]) -> dict[str, Any]:
        """Return the changes of the image, but for its record."""
        values = {**self.added, **{each.name: each.latest for each in self.differing}}
        changes: dict[str, Any] = {name: values[name] for name in values if name in chosen}
        if self.tags:
            changes[TAGS] = [*image.tags, *self.tags]
        if self.protects:
            changes[PROTECTED] = True
        return changes

    @property
    def chosen_at_first(self) -> Collection[str]:
        """What is chosen as long as the user has seen no choice."""
        return {NAME, *self.added}

    @property
    def digest(self) -> str:
        """A short text that is another one for each other takeover."""
        differing = [(each.name, each.now, each.latest) for each in self.differing]
        values = [sorted(self.added.items()), differing, self.tags, self.protects]
        return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


def takeover(
    image: Image, latest: Image, version: str, is_editable: Callable[[str], bool]
) -> Takeover:
    """Compare the image with the latest version.

    :param version: that of the image, for its name
    :param is_editable: whether users may write a property
    """
    wanted = {NAME: dated_name(plain_name(latest), version)}
    for name, value in sorted(latest.properties.items()):
        text = "" if value is None else str(value)
        left_out = is_of_one_image(name) or name in _OF_A_FILE or not is_editable(name)
        if text.strip() and is_patchable(name) and not left_out:
            wanted[name] = text
    now = {name: _value(image, name) for name in wanted}
    return Takeover(
        added={name: value for name, value in wanted.items() if not now[name].strip()},
        differing=tuple(
            Difference(name, now[name], value)
            for name, value in wanted.items()
            if now[name].strip() and now[name] != value
        ),
        tags=tuple(tag for tag in latest.tags if tag not in image.tags),
        protects=latest.protected and not image.protected,
    )


def _value(image: Image, name: str) -> str:
    value = image.name if name == NAME else image.properties.get(name)
    return "" if value is None else str(value)


def fits(latest: Image, properties: Mapping[str, object]) -> bool:
    """Whether an image of these properties can be a version of that family: they suggest its
    name, or name the same system as its latest version does, or Nova has copied the family's
    name to them.
    """
    family = family_of(latest)
    if family in (suggested_name(properties), properties.get(NAME_PROPERTY)):
        return True
    system = [str(properties.get(name) or "") for name in SUGGESTING]
    return bool(system[0]) and system == [
        str(latest.properties.get(name) or "") for name in SUGGESTING
    ]
