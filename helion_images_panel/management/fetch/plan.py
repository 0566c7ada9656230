# SPDX-License-Identifier: Apache-2.0
"""What is to be done about an entry, and the record of what was begun."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from helion_images_panel import conf
from helion_images_panel.api import publishers
from helion_images_panel.catalogue import comparison
from helion_images_panel.catalogue.comparison import Comparison, image_in_progress
from helion_images_panel.catalogue.entries import Build, Entry, host_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.signed_properties import signed_parts, signed_property
from helion_images_panel.core.url import is_http_url
from helion_images_panel.transfers import decompression
from helion_images_panel.ui.catalogue.offers import Offer

#: "<image ID> <build>:<signature>": the command has not finished the image. Without the
#: signature a member could have an image of their own published with the command's rights.
PROPERTY = "helion_images_fetching"
SALT = "fetching"

#: What has become of an entry. The first four are final without any request.
CURRENT = "current"
MISSING = "missing"
UNKNOWN = "unknown"
IMPOSSIBLE = "impossible"
IN_PROGRESS = "in_progress"
TO_FETCH = "to_fetch"
TO_RESUME = "to_resume"
FETCHED = "fetched"
MISMATCH = "mismatch"
FAILED = "failed"


@dataclass(frozen=True)
class Options:
    """What the command was called with; empty values are those of the catalogue or Glance."""

    is_missing_fetched: bool = False
    is_dry_run: bool = False
    visibility: str = "private"
    is_protected: bool = False
    tags: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    store: str | None = None
    timeout_s: float = 3600
    is_version: bool = False


@dataclass(frozen=True)
class Result:
    """One entry: `image` is the new one, or one in progress; `verification` that of a fetched
    one. `reason` says why it was not fetched, or not compared.
    """

    comparison: Comparison
    outcome: str
    image: Image | None = None
    verification: str = ""
    reason: str = ""

    @property
    def entry(self) -> Entry:
        return self.comparison.entry

    @property
    def build(self) -> Build | None:
        return self.comparison.newest

    @property
    def replaced(self) -> Image | None:
        """The image of an older build that the cloud has."""
        if self.comparison.state != comparison.OUT_OF_DATE:
            return None
        return self.comparison.image


def image_name(entry: Entry, build: Build) -> str:
    """Return the name of the build's image, which no image of another build has."""
    return f"{entry.name} {build.version} {entry.architecture}"


def marker(entry: Entry, build: Build, image_id: str) -> Mapping[str, str]:
    """Build the property of an image that the command has begun and not finished."""
    return signed_property(PROPERTY, SALT, image_id, _identity(entry, build))


def is_unfinished(image: Image, project_id: str) -> bool:
    """Whether this command has begun the image, in this project."""
    return image.owner == project_id and bool(signed_parts(image, PROPERTY, SALT, 1))


def unfinished_image(entry: Entry, build: Build | None, images: Iterable[Image]) -> Image | None:
    """Return the newest of these unfinished images that is to have this build."""
    if build is None:
        return None
    wanted = [_identity(entry, build)]
    found = [image for image in images if signed_parts(image, PROPERTY, SALT, 1) == wanted]
    return max(found, key=lambda image: (image.created_at or "", image.id), default=None)


def settled(
    compared: Comparison,
    images: Sequence[Image],
    begun: Image | None,
    options: Options,
    downloads: bool,
) -> Result | None:
    """Return the result for an entry without anything to do; None if its image is to be fetched.

    :param images: of the cloud, without those that this command has not finished
    :param begun: the image of the build that this command has not finished
    :param downloads: whether this Glance offers web-download
    """
    entry, build = compared.entry, compared.newest
    if begun is None:
        if compared.state in (comparison.CURRENT, comparison.UNKNOWN):
            return Result(compared, compared.state, reason=compared.reason)
        if compared.state == comparison.MISSING and not options.is_missing_fetched:
            return Result(compared, MISSING, reason=compared.reason)
    if reason := _refusal(compared, downloads):
        return Result(compared, IMPOSSIBLE, begun, reason=reason)
    if begun is None and (other := image_in_progress(entry, build, images)):
        reason = "an image that this command has not begun is receiving data"
        return Result(compared, IN_PROGRESS, other, reason=reason)
    if options.is_dry_run:
        return Result(compared, TO_RESUME if begun else TO_FETCH, begun)
    return None


def _refusal(compared: Comparison, downloads: bool) -> str:
    """Why the newest build cannot be fetched; empty if it can."""
    if compared.reason:
        # The newest build is not known, only that of the file.
        return compared.reason
    build = compared.newest
    if build is not None and build.compression:
        return _refusal_of_compressed(compared.entry, build)
    refusal = Offer(compared.entry, build).refusal
    if not refusal and not downloads:
        return "this Glance does not offer the import method web-download"
    return refusal


def _refusal_of_compressed(entry: Entry, build: Build) -> str:
    """Why this process cannot read the file and decompress it for Glance."""
    reason = ""
    if build.compression not in decompression.KINDS:
        reason = "which the dashboard cannot decompress"
    elif not conf.DECOMPRESSED_GIB.value:
        reason = f"and {conf.DECOMPRESSED_GIB.name} = 0 turns decompression off"
    elif publishers.is_off():
        reason = f"and {conf.CATALOGUE_ACCESS.name} = 'off' does not let the dashboard read it"
    elif not is_http_url(build.url) or host_of(build.url) not in entry.file_hosts:
        reason = "and its URL is none that the dashboard may read"
    return f"the publisher's file is compressed ({build.compression}), {reason}" if reason else ""


def _identity(entry: Entry, build: Build) -> str:
    parts: tuple[Any, ...] = (entry.key, build.url, build.version, str(build.checksum))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
