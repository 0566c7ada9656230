# SPDX-License-Identifier: Apache-2.0
"""Text of a page as a person reads it."""

import re
import unicodedata


def squeeze(text: str) -> str:
    """One blank between words, nothing invisible."""
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", visible).strip()


def as_meant(text: str) -> str:
    """Undoes that Horizon shows "{$" as "{%", lest AngularJS evaluate it."""
    return text.replace("{%", "{$").replace("%}", "$}")
