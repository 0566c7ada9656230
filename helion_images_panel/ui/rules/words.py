# SPDX-License-Identifier: Apache-2.0
"""Rules, and the reasons to keep an image, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from helion_images_panel.core import rules
from helion_images_panel.core.rules import NUMBERS, Rule
from helion_images_panel.ui.uses.labels import may_be_shelved, shelved_instance_needs_it


@dataclass(frozen=True)
class Choice:
    """A kind of rule in the form.

    :ivar number_label: label of its number; empty for a kind without one
    """

    kind: str
    label: str
    help_text: str
    number_label: str = ""
    number: int = 0
    least: int = 0
    most: int = 0
    is_chosen: bool = False


def choices(chosen: Rule) -> list[Choice]:
    texts = {
        rules.SNAPSHOTS: (
            _("Old snapshots"),
            _("Snapshots of instances that no instance and no volume uses."),
            _("Older than (days)"),
        ),
        rules.FAMILY: (
            _("Earlier versions of families"),
            _("Active images of a family that are older than the versions to keep."),
            _("Versions to keep of each family"),
        ),
        rules.DUPLICATES: (
            _("Duplicates"),
            _(
                "Active images of one project with the same size and hash. The oldest is kept, "
                "unless another one is protected, published or public."
            ),
            "",
        ),
        rules.QUEUED: (
            _("Images without data"),
            _("Images that are queued, saving, uploading or importing, and receive no data."),
            _("Unchanged for more than (days)"),
        ),
    }
    found = []
    for kind, (label, help_text, number_label) in texts.items():
        least, most, number = NUMBERS.get(kind, (0, 0, 0))
        is_chosen = kind == chosen.kind
        number = chosen.number if is_chosen else number
        found.append(Choice(kind, label, help_text, number_label, number, least, most, is_chosen))
    return found


def rule_label(rule: Rule) -> str:
    """Return the rule as a sentence without a verb."""
    values = {"number": rule.number}
    if rule.kind == rules.SNAPSHOTS:
        message = ngettext(
            "Snapshots older than %(number)s day that nothing uses",
            "Snapshots older than %(number)s days that nothing uses",
            rule.number,
        )
    elif rule.kind == rules.FAMILY:
        message = ngettext(
            "All but the last version of each family",
            "All but the last %(number)s versions of each family",
            rule.number,
        )
    elif rule.kind == rules.DUPLICATES:
        message = _("Duplicates of an image of the same project")
    else:
        message = ngettext(
            "Images without data, unchanged for more than %(number)s day",
            "Images without data, unchanged for more than %(number)s days",
            rule.number,
        )
    return message % values


def kept_label(reason: str) -> str:
    """Return the reason for a table of images that are kept."""
    return {
        rules.PROTECTED: _("Protected"),
        rules.PUBLISHED: _("Published"),
        rules.PUBLIC: pgettext("visibility", "Public"),
        rules.COMMUNITY: pgettext("visibility", "Community"),
        rules.VOLUME_DATA: _("The data is in volume snapshots, which would stay"),
        rules.SHELVED: may_be_shelved(),
        rules.SHARED: _("Shared with other projects"),
        rules.IN_USE: _("In use by instances or volumes"),
        rules.BOOTED: _("Kernel or ramdisk of other images"),
        rules.USE_UNKNOWN: _("The uses could not be read completely"),
        rules.RECEIVES_DATA: _("Receiving data, or this could not be read"),
        rules.NEXT_VERSION: _("The next version of a family"),
        rules.NOT_OWN: _("Of another project"),
        rules.NOT_ALLOWED: _("You are not allowed to delete them"),
        rules.NOT_RESTORABLE: _("Could not be restored after their deletion"),
        rules.DELETED: _("Deleted in the meantime"),
        rules.CHANGED: _("Changed in the meantime"),
    }[reason]


def refusal(reason: str) -> str:
    """Return the same as a sentence about one image that was not deleted."""
    return {
        rules.PROTECTED: _("The image is protected. Unprotect it first."),
        rules.PUBLISHED: _("The image is published. Unpublish it first."),
        rules.PUBLIC: _("The image is public."),
        rules.COMMUNITY: _("The image is a community image."),
        rules.VOLUME_DATA: _("The data of the image is in volume snapshots, which would stay."),
        rules.SHELVED: shelved_instance_needs_it(),
        rules.SHARED: _("The image is shared with other projects."),
        rules.IN_USE: _("The image is in use by instances or volumes."),
        rules.BOOTED: _("The image is the kernel or ramdisk of other images."),
        rules.USE_UNKNOWN: _("The uses of the image could not be read completely."),
        rules.RECEIVES_DATA: _("The image receives data at the moment."),
        rules.NEXT_VERSION: _("The image is the next version of its family."),
        rules.NOT_OWN: _("The image belongs to another project."),
        rules.NOT_ALLOWED: _("You are not allowed to delete this image."),
        rules.NOT_RESTORABLE: _("The image could not be restored after its deletion."),
        rules.DELETED: _("The image is already deleted."),
        rules.CHANGED: _("The rule does not match the image any more."),
    }[reason]
