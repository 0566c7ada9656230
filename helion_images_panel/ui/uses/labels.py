# SPDX-License-Identifier: Apache-2.0
"""The uses of images in words: short labels, and what they do not include."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel.core.uses import (
    BOOTING,
    IMAGES,
    INSTANCES,
    MEMBERS,
    VOLUMES,
    ImageUses,
    Uses,
)
from helion_images_panel.core.visible_text import isolated


def may_be_shelved() -> str:
    """Return the label of an image that `shelved_instance` finds."""
    return _("May have the data of a shelved instance")


def shelved_instance_needs_it() -> str:
    """Return the same as a sentence."""
    return _("The image may have the data of a shelved instance, which could not be unshelved.")


def of_image(uses: ImageUses, project_names: Mapping[str, str]) -> list[str]:
    """Return a label for each kind that the image is used by.

    :param project_names: by ID, to name the projects of instances and volumes; empty for the
        numbers alone
    """
    labels = []
    if uses.instances:
        labels.append(_instances(uses.instances, project_names))
    if uses.volumes:
        labels.append(_volumes(uses.volumes, project_names))
    if uses.booting:
        labels.append(_booting(uses.booting))
    if uses.images:
        labels.append(_images(uses.images))
    if uses.members:
        labels.append(shared_with(uses.members))
    return labels


def note(found: Collection[ImageUses], missing_projects: str) -> str:
    """Return what the labels do not include, for all images; empty if they are complete.

    :param missing_projects: which projects of the domain are missing; empty for none
    """
    sentences = [missing_projects]
    for kind in (INSTANCES, VOLUMES, BOOTING, IMAGES, MEMBERS):
        failures = [each.failures[kind] for each in found if kind in each.failures]
        if failures:
            sentences.append(failure(kind, failures[0]))
    if not sentences[0] and any(map(_hides_some, found)):
        sentences.append(may_be_more())
    return " ".join(filter(None, sentences))


def age(age_s: float) -> str:
    """Return how old the labels are; empty for new ones."""
    seconds = int(age_s)
    if seconds < 1:
        return ""
    message = ngettext("Checked %(count)s second ago.", "Checked %(count)s seconds ago.", seconds)
    return message % {"count": seconds}


def of_hidden_projects(count: int, total: int) -> str:
    """Return that the labels do not include what some of the projects have, which the user cannot
    see.
    """
    if total == 1:
        return _("You cannot see how the project uses the image.")
    message = ngettext(
        "You cannot see how %(count)s of these projects uses the image.",
        "You cannot see how %(count)s of these projects use the image.",
        count,
    )
    return message % {"count": count}


def may_be_more() -> str:
    return _("There may be more uses: the services return a limited number.")


def _hides_some(uses: ImageUses) -> bool:
    """Whether nothing was found of a kind, and that is not certain: there is no label to say so."""
    return any(not each and not each.is_complete for each in uses.known)


def failure(kind: str, error: Exception) -> str:
    return {
        INSTANCES: _("Unable to retrieve the instances. %(reason)s"),
        VOLUMES: _("Unable to retrieve the volumes. %(reason)s"),
        IMAGES: _("Unable to retrieve the images that were made from others. %(reason)s"),
        BOOTING: _("Unable to retrieve the images that boot with others. %(reason)s"),
        MEMBERS: _("Unable to retrieve the members. %(reason)s"),
    }[kind] % {"reason": error}


def origin_failure(error: Exception) -> str:
    message = _("Unable to retrieve the image that it was made from. %(reason)s")
    return message % {"reason": error}


def counted(uses: Uses) -> str:
    if uses.is_complete:
        return str(len(uses))
    return _("%(count)s or more") % {"count": len(uses)}


def more_than(uses: Uses, most: int) -> str:
    """Return how many uses are not shown; also where there may be more than are known."""
    count = len(uses) - most
    if count <= 0:
        return "" if uses.is_complete else _("There may be more.")
    if uses.is_complete:
        message = ngettext("%(count)s more is not shown.", "%(count)s more are not shown.", count)
    else:
        message = ngettext(
            "At least %(count)s more is not shown.", "At least %(count)s more are not shown.", count
        )
    return message % {"count": count}


def projects(uses: Uses, names: Mapping[str, str]) -> str:
    """Return the projects with their numbers: "web (7), shop (5)"."""
    return ", ".join(
        _("%(project)s (%(count)s)") % {"project": isolated(names.get(id_) or id_), "count": count}
        for id_, count in uses.by_project.items()
    )


def shared_with(members: int) -> str:
    message = ngettext("Shared with %(count)s project", "Shared with %(count)s projects", members)
    return message % {"count": members}


def given(projects_given: int) -> str:
    message = ngettext(
        "%(count)s of them was added by Publish.",
        "%(count)s of them were added by Publish.",
        projects_given,
    )
    return message % {"count": projects_given}


def _instances(uses: Uses, names: Mapping[str, str]) -> str:
    count = len(uses)
    if not names:
        message = ngettext("In use by %(count)s instance", "In use by %(count)s instances", count)
        return message % {"count": counted(uses)}
    if uses.is_complete:
        message = ngettext(
            "In use by %(count)s instance: %(projects)s",
            "In use by %(count)s instances: %(projects)s",
            count,
        )
    else:
        message = ngettext(
            "In use by at least %(count)s instance: %(projects)s",
            "In use by at least %(count)s instances: %(projects)s",
            count,
        )
    return message % {"count": count, "projects": projects(uses, names)}


def _volumes(uses: Uses, names: Mapping[str, str]) -> str:
    if names:
        message = ngettext(
            "%(count)s volume created from it: %(projects)s",
            "%(count)s volumes created from it: %(projects)s",
            len(uses),
        )
    else:
        message = ngettext(
            "%(count)s volume created from it", "%(count)s volumes created from it", len(uses)
        )
    return message % {"count": counted(uses), "projects": projects(uses, names)}


def _booting(uses: Uses) -> str:
    message = ngettext(
        "Kernel or ramdisk of %(count)s image", "Kernel or ramdisk of %(count)s images", len(uses)
    )
    return message % {"count": counted(uses)}


def _images(uses: Uses) -> str:
    message = ngettext("%(count)s image made from it", "%(count)s images made from it", len(uses))
    return message % {"count": counted(uses)}
