# SPDX-License-Identifier: Apache-2.0
"""Fields of the catalogue's files: each with the values that are valid.

A check returns the value, or raises ValueError with what the field must be.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from helion_images_panel.core.checksums import LENGTHS, Checksum, NotAChecksum, read
from helion_images_panel.core.url import has_user, is_http_url
from helion_images_panel.core.visible_text import is_visible

Check = Callable[[Any], Any]

#: Characters of a text: Glance's own limit for names.
TEXT_LENGTH = 255
URL_LENGTH = 2000

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?(:\d{1,5})?", re.ASCII)
_PROPERTY = re.compile(r"[A-Za-z0-9_.:-]{1,255}", re.ASCII)


@dataclass(frozen=True)
class Field:
    check: Check
    is_required: bool = False


def text(value: Any) -> str:
    if not isinstance(value, str) or not is_visible(value) or len(value) > TEXT_LENGTH:
        raise ValueError(f"must be text of up to {TEXT_LENGTH} characters, digits in quotes")
    if not value.isprintable():
        raise ValueError("must not contain control characters or marks of the writing direction")
    return value


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def whole_number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise ValueError("must be a whole number of at least 0")
    return value


def size(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        raise ValueError("must be a number of bytes above 0")
    return value


def one_of(*values: str) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in values:
            raise ValueError(f"must be one of {', '.join(values)}")
        return value

    return check


def url(value: Any) -> str:
    if not isinstance(value, str) or len(value) > URL_LENGTH or not is_http_url(value):
        raise ValueError("must be a URL that begins with http:// or https://")
    if has_user(value):
        raise ValueError("must not contain a user name or a password")
    return value


def source(value: Any) -> str:
    """A URL, or "private" for a file that cannot be downloaded."""
    return "private" if value == "private" else url(value)


def url_with_build(value: Any) -> str:
    checked = url(value)
    path = checked.partition("://")[2].partition("/")[2]
    if "{build}" not in path or "?" in checked or "#" in checked:
        raise ValueError("must have {build} in its path, and neither “?” nor “#”")
    return checked


def text_with_build(value: Any) -> str:
    checked = text(value)
    if "{build}" not in checked or any(character.isspace() for character in checked):
        raise ValueError("must contain {build}, and no blank")
    return checked


def file_name(value: Any) -> str:
    checked = text(value)
    if "/" in checked or checked.startswith("."):
        raise ValueError("must be the name of a file, without a folder")
    return checked


def host(value: Any) -> str:
    if not isinstance(value, str) or not _HOST.fullmatch(value):
        raise ValueError("must be the name of a host in lower case, with a port if need be")
    return value


def checksum(value: Any) -> Checksum:
    """A checksum of the notation "sha256:digits"."""
    try:
        found = read(value) if isinstance(value, str) else None
    except NotAChecksum:
        found = None
    if not found or LENGTHS.get(found.algorithm) != len(found.value):
        known = ", ".join(LENGTHS)
        raise ValueError(f"must be an algorithm ({known}), a colon, and lower-case hex digits")
    return found


def day(value: Any) -> str:
    """A date, which YAML reads as one or as text."""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    try:
        if isinstance(value, str) and _DAY.fullmatch(value[:10]):
            return datetime.datetime.fromisoformat(value).date().isoformat()
    except ValueError:
        pass
    raise ValueError("must be a date such as 2026-04-23")


def day_or(*words: str) -> Check:
    """A date, one of the words, or, for the word "last-N", one such as "last-3"."""

    def check(value: Any) -> str:
        if isinstance(value, str):
            if value in words and value != "last-N":
                return value
            if "last-N" in words and re.fullmatch(r"last-[1-9]\d{0,3}", value):
                return value
        try:
            return day(value)
        except ValueError:
            raise ValueError(f"must be a date, or one of {', '.join(words)}") from None

    return check


def list_of(check: Check, most: int) -> Check:
    def checked(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > most:
            raise ValueError(f"must be a list of up to {most} values")
        return tuple(check(each) for each in value)

    return checked


def property_name(value: Any) -> str:
    if not isinstance(value, str) or not _PROPERTY.fullmatch(value):
        raise ValueError("is no name of a property: letters, digits and _ . : - are allowed")
    return value


def property_value(value: Any) -> str:
    """Text, a number, a flag or a date as the text that Glance stores; empty for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.date):
        return day(value)
    if isinstance(value, int | float):
        return str(value)
    return text(value)


ARCHITECTURES = ("x86_64", "aarch64", "ppc64le", "s390x", "riscv64", "risc-v")

#: Properties with values of their own: SCS-0102 and Glance's useful image properties.
PROPERTIES: Mapping[str, Field] = {
    "architecture": Field(one_of(*ARCHITECTURES), True),
    "os_distro": Field(text, True),
    "os_version": Field(text),
    "os_purpose": Field(one_of("generic", "minimal", "k8snode", "gpu", "network", "custom")),
    "replace_frequency": Field(
        one_of("yearly", "quarterly", "monthly", "weekly", "daily", "critical_bug", "never")
    ),
    "provided_until": Field(day_or("none", "notice")),
    "uuid_validity": Field(day_or("none", "notice", "forever", "last-N")),
    "hotfix_hours": Field(whole_number),
    "maintained_until": Field(day),
}

#: Properties that an entry cannot have, as they are those of a build.
OF_A_BUILD = ("image_source", "image_build_date", "image_original_user")
