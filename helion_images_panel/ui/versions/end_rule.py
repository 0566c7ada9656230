# SPDX-License-Identifier: Apache-2.0
"""The rule of a family for the previous version, as sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helion_images_panel.core.end_rule import EndRule


def sentences(rule: EndRule) -> list[str]:
    """Return a sentence for each step, in the order of the days; none without a rule."""
    lines = []
    if rule.deprecate_in == 0:
        lines.append(_("It is deprecated at once."))
    elif rule.deprecate_in is not None:
        lines.append(
            _counted(
                ngettext(
                    "It is deprecated after %(count)s day.",
                    "It is deprecated after %(count)s days.",
                    rule.deprecate_in,
                ),
                rule.deprecate_in,
            )
        )
    if rule.deactivate_in is not None:
        lines.append(
            _counted(
                ngettext(
                    "It is obsolete after %(count)s day.",
                    "It is obsolete after %(count)s days.",
                    rule.deactivate_in,
                ),
                rule.deactivate_in,
            )
        )
    if rule.delete_in is not None:
        lines.append(
            _counted(
                ngettext(
                    "It is deleted after %(count)s day.",
                    "It is deleted after %(count)s days.",
                    rule.delete_in,
                ),
                rule.delete_in,
            )
        )
    return lines


def _counted(message: str, count: int) -> str:
    return message % {"count": count}
