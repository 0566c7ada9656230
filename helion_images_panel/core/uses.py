# SPDX-License-Identifier: Apache-2.0
"""What uses an image: instances, volumes, and images that were made from it or boot with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.identifiers import UUID
from helion_images_panel.core.image import Image

#: Properties that name the image which another one was made from. Nova writes the first on
#: the snapshot of an instance, and leaves it empty if the instance is on a volume; the second
#: is Cinder's name for it, which other programs write.
ORIGINS = ("base_image_ref", "image_id")

#: Properties that name the kernel and the ramdisk which instances of the image boot with.
BOOTED_WITH = ("kernel_id", "ramdisk_id")

#: Formats of images that are meant for that.
BOOTED_FORMATS = ("aki", "ari")

#: Formats of whole disks, which are no kernel and no ramdisk.
_DISKS = frozenset({"qcow2", "vmdk", "vdi", "vhd", "vhdx", "ploop", "iso"})

#: Bytes of the largest kernel or ramdisk that is looked for: deployment ramdisks have less.
MOST_OF_A_RAMDISK = 2 * 2**30

#: Kinds of uses. BOOTING are images that have this one as their kernel or ramdisk.
INSTANCES, VOLUMES, IMAGES, MEMBERS = "instances", "volumes", "images", "members"
BOOTING = "booting"


@dataclass(frozen=True)
class Use:
    """An instance, a volume or an image; the name is text of a user, and may be empty."""

    id: str
    name: str
    project_id: str


@dataclass(frozen=True)
class Uses:
    """The uses of one kind.

    :ivar is_complete: whether there are no more than these
    """

    items: tuple[Use, ...] = ()
    is_complete: bool = True

    def __len__(self) -> int:
        return len(self.items)

    def in_projects(self, has_project: Callable[[str], bool]) -> Uses:
        """Return those of the projects."""
        return replace(self, items=tuple(use for use in self.items if has_project(use.project_id)))

    @property
    def by_project(self) -> Mapping[str, int]:
        """Numbers by project ID, the largest first."""
        return dict(Counter(use.project_id for use in self.items).most_common())


def joined(parts: Iterable[Uses], is_complete: bool = True) -> Uses:
    """Return all of them as one."""
    found = list(parts)
    items = tuple(use for uses in found for use in uses.items)
    return Uses(items, is_complete and all(uses.is_complete for uses in found))


def naming(
    image_id: str,
    found: Sequence[Image],
    limit: int,
    is_shown: Callable[[Image], bool] = lambda _image: True,
) -> Uses:
    """Return the images, of those that Glance has found by a property, that name this one.

    :param limit: the number of images that Glance was asked for
    """
    others = (each for each in found if each.id != image_id and not is_deleted(each))
    uses = (Use(each.id, each.bare_name, each.owner or "") for each in others if is_shown(each))
    return Uses(tuple(uses), is_complete=len(found) < limit)


@dataclass(frozen=True)
class UsedImages:
    """Some instances or volumes of a list, and the images that they use.

    :ivar items: for each its ID, that of its image, which is empty for none, and its project
    :ivar shelved_ids: instances whose data is in a snapshot until somebody unshelves them
    :ivar marker: where the next ones begin; empty at the end
    :ivar is_complete: whether the image of each is known
    """

    items: tuple[tuple[str, str, str], ...] = ()
    shelved_ids: frozenset[str] = frozenset()
    marker: str = ""
    is_complete: bool = True


def origin_of(image: Image) -> str:
    """Return the ID of the image that this one was made from; empty if it has none.

    Any member may have written it, and anything: a path is none.
    """
    values = (str(image.properties.get(name) or "") for name in ORIGINS)
    return next((value for value in values if value not in ("", image.id) and "/" not in value), "")


def booted_with(image: Image) -> list[str]:
    """Return the IDs of the kernel and the ramdisk of the image.

    Any member may have written them, and anything.
    """
    values = (str(image.properties.get(name) or "") for name in BOOTED_WITH)
    return [value for value in values if value not in ("", image.id)]


def may_be_booted_with(image: Image) -> bool:
    """Whether others may have the image as their kernel or ramdisk, by its format and size."""
    is_disk = image.disk_format in _DISKS
    return not is_disk and (image.size_bytes or 0) <= MOST_OF_A_RAMDISK


#: End of the name that Nova gives to the snapshot of an instance that is shelved.
_SHELVED = "-shelved"


def shelved_instance(image: Image) -> str:
    """Return the ID of the instance whose only data the image may be; empty for none.

    Nova deletes the snapshot when the instance is unshelved. Users may name others like it, and
    write anything in the property.
    """
    instance_id = str(image.properties.get("instance_uuid") or "")
    is_named = (image.name or "").endswith(_SHELVED)
    return instance_id if is_named and UUID.fullmatch(instance_id) else ""


@dataclass(frozen=True)
class ImageUses:
    """All that is known of the uses of an image. A kind that a service did not return is in
    `failures`, with the reason, and a kind that the cloud does not have is None.

    :ivar members: number of projects that it is shared with; None if the user may not see them
    :ivar given: number of those that Publish has added
    :ivar booting: images that have this one as their kernel or ramdisk; None for an image that
        can be neither
    """

    instances: Uses | None = None
    volumes: Uses | None = None
    images: Uses | None = None
    members: int | None = None
    given: int = 0
    failures: Mapping[str, Exception] = field(default_factory=dict)
    booting: Uses | None = None

    def in_projects(self, has_project: Callable[[str], bool]) -> ImageUses:
        """Return the uses in these projects, without the members."""

        def within(uses: Uses | None) -> Uses | None:
            return uses.in_projects(has_project) if uses else uses

        return ImageUses(
            instances=within(self.instances),
            volumes=within(self.volumes),
            images=within(self.images),
            booting=within(self.booting),
            failures={kind: error for kind, error in self.failures.items() if kind != MEMBERS},
        )

    @property
    def known(self) -> list[Uses]:
        """The uses of all kinds that are known."""
        kinds = (self.instances, self.volumes, self.images, self.booting)
        return [each for each in kinds if each is not None]

    @property
    def counted(self) -> str:
        """Number of instances, volumes and images that use it: "3", or "100+" if there may be
        more, as of a service that failed.
        """
        found = self.known
        has_failed = any(kind in self.failures for kind in (INSTANCES, VOLUMES, IMAGES, BOOTING))
        is_complete = all(each.is_complete for each in found) and not has_failed
        return f"{sum(map(len, found))}{'' if is_complete else '+'}"
