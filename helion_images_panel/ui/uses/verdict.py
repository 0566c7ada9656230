# SPDX-License-Identifier: Apache-2.0
"""The verdict above the uses of an image: what happens to them if it is deleted."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel.core.uses import ImageUses, Uses
from helion_images_panel.ui.uses.labels import shelved_instance_needs_it


@dataclass(frozen=True)
class Verdict:
    """:ivar kind: of a message of Bootstrap"""

    kind: str
    sentences: list[str]


def verdict(uses: ImageUses, may_be_shelved: bool = False) -> Verdict:
    """:param may_be_shelved: whether the image may be the data of a shelved instance"""
    # What is there at least is a number.
    is_certain = not uses.failures and all(each or each.is_complete for each in uses.known)
    sentences = [
        *(_instances(uses.instances) if uses.instances else ()),
        *(_booting(uses.booting) if uses.booting else ()),
        *(_volumes(uses.volumes) if uses.volumes else ()),
        *(_images(uses.images) if uses.images else ()),
    ]
    if may_be_shelved:
        sentences.insert(0, shelved_instance_needs_it())
    if sentences:
        if not is_certain:
            sentences.append(_("Not everything could be checked."))
        is_harmful = bool(uses.instances or uses.booting or may_be_shelved)
        return Verdict("warning" if is_harmful else "info", sentences)
    shared = [_shared(uses.members)] if uses.members else []
    if not is_certain:
        message = _("No use was found, but not everything could be checked.")
        return Verdict("warning", [message, *shared])
    message = _("Nothing that you can see uses this image.")
    return Verdict("info" if shared else "success", [message, *shared])


def _shared(members: int) -> str:
    message = ngettext(
        "It is shared with %(count)s project.", "It is shared with %(count)s projects.", members
    )
    return message % {"count": members}


def _instances(uses: Uses) -> list[str]:
    count, projects = len(uses), len(uses.by_project)
    if uses.is_complete:
        message = ngettext(
            "%(count)s instance uses this image: if it is deleted, the instance can no longer be "
            "rebuilt from it.",
            "%(count)s instances use this image: if it is deleted, they can no longer be rebuilt "
            "from it.",
            count,
        )
    else:
        message = ngettext(
            "At least %(count)s instance uses this image: if it is deleted, the instance can no "
            "longer be rebuilt from it.",
            "At least %(count)s instances use this image: if it is deleted, they can no longer be "
            "rebuilt from it.",
            count,
        )
    sentences = [message % {"count": count}]
    if projects > 1:
        message = ngettext(
            "They belong to %(count)s project.", "They belong to %(count)s projects.", projects
        )
        sentences.append(message % {"count": projects})
    return sentences


def _booting(uses: Uses) -> list[str]:
    count = len(uses)
    if uses.is_complete:
        message = ngettext(
            "%(count)s image boots with it: if it is deleted, no instance can be launched from "
            "that image.",
            "%(count)s images boot with it: if it is deleted, no instance can be launched from "
            "them.",
            count,
        )
    else:
        message = ngettext(
            "At least %(count)s image boots with it: if it is deleted, no instance can be launched "
            "from that image.",
            "At least %(count)s images boot with it: if it is deleted, no instance can be launched "
            "from them.",
            count,
        )
    return [message % {"count": count}]


def _volumes(uses: Uses) -> list[str]:
    count = len(uses)
    if uses.is_complete:
        message = ngettext(
            "%(count)s volume was created from it, and keeps its data.",
            "%(count)s volumes were created from it, and keep their data.",
            count,
        )
    else:
        message = ngettext(
            "At least %(count)s volume was created from it, and keeps its data.",
            "At least %(count)s volumes were created from it, and keep their data.",
            count,
        )
    return [message % {"count": count}]


def _images(uses: Uses) -> list[str]:
    count = len(uses)
    if uses.is_complete:
        message = ngettext(
            "%(count)s image was made from it, and has data of its own.",
            "%(count)s images were made from it, and have data of their own.",
            count,
        )
    else:
        message = ngettext(
            "At least %(count)s image was made from it, and has data of its own.",
            "At least %(count)s images were made from it, and have data of their own.",
            count,
        )
    return [message % {"count": count}]
