# SPDX-License-Identifier: Apache-2.0
"""One finding of the boot checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helion_images_panel.core.nova_properties import WrongValue


@dataclass(frozen=True)
class Finding:
    """`changes` are the attributes and properties that correct it, None for a property to
    remove; empty if no change of them would. `prevents` tells whether instances fail to
    launch or to boot; else they run, and something else fails or is without effect.
    """

    kind: str
    prevents: bool = True
    name: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    wrong: WrongValue | None = None

    @property
    def key(self) -> str:
        """Identifies the finding among those of the image."""
        return f"{self.kind}.{self.name}" if self.name else self.kind
