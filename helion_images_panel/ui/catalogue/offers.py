# SPDX-License-Identifier: Apache-2.0
"""The build of an entry that can be added, and why one cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helion_images_panel import conf
from helion_images_panel.api import publishers
from helion_images_panel.catalogue.cached_builds import Found
from helion_images_panel.catalogue.entries import Build, Entry
from helion_images_panel.core.url import is_http_url
from helion_images_panel.transfers import decompression


def url_parameters(entry: Entry) -> Mapping[str, str]:
    """Return what names the entry in the URL of a dialog."""
    return {"name": entry.name, "architecture": entry.architecture}


@dataclass(frozen=True)
class Offer:
    """`newest` is that of the publisher's list; `build` is the one to add, which may be of the
    catalogue's file. `reason` says why the list could not be read.
    """

    entry: Entry
    newest: Build | None
    reason: str = ""

    @property
    def build(self) -> Build | None:
        return self.newest or self.entry.newest_of_file

    @property
    def is_for_upload(self) -> bool:
        """Whether users can upload the publisher's file: the dashboard decompresses it then."""
        build = self.build
        return (
            build is not None
            and build.compression in decompression.KINDS
            and bool(conf.DECOMPRESSED_GIB.value)
        )

    @property
    def refusal(self) -> str:
        """Why the image service cannot be asked for the build; empty if it can."""
        build = self.build
        if build is None:
            return self.reason or _("Neither the catalogue's file nor the publisher names a build.")
        if self.is_for_upload:
            return self._way_of_upload()
        if build.compression:
            return _(
                "The publisher's file is compressed (%(kind)s), which most image services do not "
                "unpack. Download it, unpack it, and upload it with Create Image."
            ) % {"kind": build.compression}
        if not is_http_url(build.url):
            return _("The build has no URL from which the image service can download it.")
        return ""

    @property
    def compressed_reason(self) -> str:
        """Why the image service is not asked for a compressed file."""
        kind = self.build.compression if self.build else ""
        return _(
            "The publisher's file is compressed (%(kind)s), and the image service cannot "
            "decompress it."
        ) % {"kind": kind}

    def _way_of_upload(self) -> str:
        if self.build and self.build.checksum:
            way = _(
                "Download the file, then upload it: the dashboard decompresses it during the "
                "upload, and compares it with the publisher's checksum."
            )
        else:
            way = _(
                "Download the file, then upload it: the dashboard decompresses it during the "
                "upload."
            )
        return f"{self.compressed_reason} {way}"


def offer_of(entry: Entry, found: Mapping[tuple[str, str], Found]) -> Offer:
    """Return what is known of an entry without a request."""
    if publishers.is_off() or entry.listing is None:
        return Offer(entry, entry.newest_of_file)
    cached = found.get(entry.key)
    if cached is None:
        return Offer(entry, None, _("The publisher's list was not read yet."))
    return Offer(entry, cached.build, cached.reason)
