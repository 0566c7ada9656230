# SPDX-License-Identifier: Apache-2.0
"""The arguments of the command that belong to fetching."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError, CommandParser

from helion_images_panel.core.image import (
    BASE_ATTRIBUTES,
    GLANCE_PROPERTY_PREFIX,
    OWN_PROPERTY_PREFIX,
    VISIBILITIES,
)
from helion_images_panel.management.fetch.plan import Options

#: The arguments that --check does not have, with the attributes of `Options`.
_OF_FETCH = {
    "missing": "is_missing_fetched",
    "dry_run": "is_dry_run",
    "visibility": "visibility",
    "protected": "is_protected",
    "tag": "tags",
    "property": "properties",
    "store": "store",
    "timeout": "timeout_s",
    "as_version": "is_version",
}


def add_arguments(parser: CommandParser) -> None:
    group = parser.add_argument_group("with --fetch")
    group.add_argument(
        "--missing", action="store_true", help="also fetch images that the cloud does not have"
    )
    group.add_argument(
        "--dry-run", action="store_true", help="report what would be fetched, and change nothing"
    )
    group.add_argument(
        "--visibility",
        choices=VISIBILITIES,
        help="of the new images when they have been compared (default: private)",
    )
    group.add_argument("--protected", action="store_true", help="protect the new images")
    group.add_argument(
        "--tag",
        action="append",
        metavar="TAG",
        help="a tag beside those of the catalogue; may be repeated",
    )
    group.add_argument(
        "--property",
        action="append",
        metavar="NAME=VALUE",
        help="a property beside those of the catalogue, such as one that the cloud requires; may "
        "be repeated",
    )
    group.add_argument(
        "--as-version",
        action="store_true",
        help="record each new image as a version of the project's family that it fits, if exactly "
        "one does; it stays private until it is made the latest",
    )
    group.add_argument("--store", metavar="ID", help="the store for the data (default: Glance's)")
    group.add_argument(
        "--timeout",
        type=float,
        metavar="SECONDS",
        help="longest wait for the data of one image, and for its comparison (default: 3600); "
        "another run continues",
    )


def options_of(given: Mapping[str, Any]) -> Options | None:
    """Return the choices of --fetch; None for --check. Raise CommandError."""
    if given["check"] == given["fetch"]:
        raise CommandError("run it with --check or with --fetch")
    chosen = {name: given[name] for name in _OF_FETCH if given.get(name)}
    if not given["fetch"]:
        if chosen:
            raise CommandError(f"--{min(chosen).replace('_', '-')} belongs to --fetch")
        return None
    if given.get("timeout") is not None and not 0 < given["timeout"] < 1e7:
        raise CommandError("--timeout must be a number of seconds above 0")
    if given.get("as_version") and (given.get("visibility") or "private") != "private":
        raise CommandError("--as-version leaves the new images private: leave out --visibility")
    if "property" in chosen:
        chosen["property"] = dict(map(_property, chosen["property"]))
    if "tag" in chosen:
        chosen["tag"] = tuple(chosen["tag"])
    return Options(**{_OF_FETCH[name]: value for name, value in chosen.items()})


def _property(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise CommandError(f"--property {text!r} is not NAME=VALUE")
    reserved = name.startswith((OWN_PROPERTY_PREFIX, GLANCE_PROPERTY_PREFIX))
    if name in BASE_ATTRIBUTES or reserved:
        raise CommandError(f"--property cannot set {name!r}")
    return name, value
