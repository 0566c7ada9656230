# SPDX-License-Identifier: Apache-2.0
"""The filters of Official Images, in the URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from helion_images_panel.catalogue.entries import Entry

TEXT_LENGTH = 100

#: Value of the parameter "versions" for entries whose support has ended as well.
ALL = "all"


@dataclass(frozen=True)
class Filters:
    text: str = ""
    architecture: str = ""
    versions: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> Filters:
        return cls(
            str(parameters.get("search", "")).strip()[:TEXT_LENGTH],
            str(parameters.get("architecture", "")),
            ALL if parameters.get("versions") == ALL else "",
        )

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the URL that are set."""
        values = {
            "search": self.text,
            "architecture": self.architecture,
            "versions": self.versions,
        }
        return {name: value for name, value in values.items() if value}

    def passes(self, entry: Entry) -> bool:
        words = self.text.casefold().split()
        searched = f"{entry.name} {entry.meta['os_distro']}".casefold()
        return (
            all(word in searched for word in words)
            and self.architecture in ("", entry.architecture)
            and (self.versions == ALL or is_supported(entry))
        )


def is_supported(entry: Entry) -> bool:
    """Whether the publisher still maintains it, as far as that is known."""
    end = entry.end_of_support
    return not end or end >= timezone.localdate().isoformat()


def architectures(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """Return the choices of the architecture, each with its label."""
    found = sorted({entry.architecture for entry in entries})
    return [("", _("All architectures")), *((name, name) for name in found)]


def versions() -> list[tuple[str, str]]:
    return [("", _("Supported versions")), (ALL, _("All versions"))]
