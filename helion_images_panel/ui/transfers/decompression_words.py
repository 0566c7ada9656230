# SPDX-License-Identifier: Apache-2.0
"""Why the content of a compressed file was not stored, and what to do then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from helion_images_panel import conf
from helion_images_panel.transfers import decompression


def reason(cause: Mapping[str, Any]) -> str:
    """Return the sentences for the `cause`, `kind` and `content` of a `NotDecompressed`."""
    return _REASONS[cause["cause"]](cause)


def _damaged(cause: Mapping[str, Any]) -> str:
    return _(
        "The %(kind)s file is damaged and cannot be decompressed. Nothing was stored. Download the "
        "file again."
    ) % {"kind": cause["kind"]}


def _ends_early(cause: Mapping[str, Any]) -> str:
    return _(
        "The %(kind)s file is not complete: it ends in the middle. Nothing was stored. Download "
        "the file again."
    ) % {"kind": cause["kind"]}


def _too_large(_cause: Mapping[str, Any]) -> str:
    return _(
        "The file becomes larger than %(limit)s GiB when it is decompressed, which is the limit of "
        "this dashboard. Nothing was stored. Ask the cloud's operator."
    ) % {"limit": conf.DECOMPRESSED_GIB.value}


def _too_much_memory(cause: Mapping[str, Any]) -> str:
    return _(
        "This %(kind)s file needs more memory to be decompressed than this dashboard allows. "
        "Nothing was stored. Decompress the file on your computer, then upload the result."
    ) % {"kind": cause["kind"]}


def _not_compressed(_cause: Mapping[str, Any]) -> str:
    return _(
        "The file is not a gzip, xz, zstd or bzip2 file. Nothing was stored. Upload it without "
        "decompressing it."
    )


def _no_image(cause: Mapping[str, Any]) -> str:
    return _(
        "The %(kind)s file contains a %(content)s file, not an image. Nothing was stored. Extract "
        "it on your computer, then upload the image in it."
    ) % {"kind": cause["kind"], "content": cause["content"]}


def _empty(cause: Mapping[str, Any]) -> str:
    return _("The %(kind)s file contains no data. Choose another file.") % {"kind": cause["kind"]}


_REASONS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    decompression.DAMAGED: _damaged,
    decompression.ENDS_EARLY: _ends_early,
    decompression.TOO_LARGE: _too_large,
    decompression.TOO_MUCH_MEMORY: _too_much_memory,
    decompression.NOT_COMPRESSED: _not_compressed,
    decompression.NO_IMAGE: _no_image,
    decompression.EMPTY: _empty,
}
