# SPDX-License-Identifier: Apache-2.0
"""The result of one check."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from helion_images_panel.core.visible_text import escaped

OK = "ok"
#: True of this cloud, and nothing to correct.
NOTE = "note"
NOT_CHECKED = "not checked"
PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """`id` is for scripts; the texts are whole sentences. An OK has no next step."""

    id: str
    level: str
    text: str
    next_step: str = ""

    def __str__(self) -> str:
        # Parts of the texts are from other services.
        lines = [f"{self.level}: {escaped(self.text)}"]
        if self.next_step:
            lines.append(f"    Next step: {escaped(self.next_step)}")
        return "\n".join(lines)

    @property
    def as_json(self) -> dict[str, str]:
        return asdict(self)
