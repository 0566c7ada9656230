# SPDX-License-Identifier: Apache-2.0
"""Why the content of a compressed file was not stored, and what to do then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helion_images_panel import conf
from helion_images_panel.transfers import decompression

_REASONS: Mapping[str, str | Promise] = {
    decompression.DAMAGED: _(
        "The %(kind)s file is damaged and cannot be decompressed. Nothing was stored. Download the "
        "file again."
    ),
    decompression.ENDS_EARLY: _(
        "The %(kind)s file is not complete: it ends in the middle. Nothing was stored. Download "
        "the file again."
    ),
    decompression.TOO_LARGE: _(
        "The file becomes larger than %(limit)s GiB when it is decompressed, which is the limit of "
        "this dashboard. Nothing was stored. Ask the cloud's operator."
    ),
    decompression.TOO_MUCH_MEMORY: _(
        "This %(kind)s file needs more memory to be decompressed than this dashboard allows. "
        "Nothing was stored. Decompress the file on your computer, then upload the result."
    ),
    decompression.NOT_COMPRESSED: _(
        "The file is not a gzip, xz, zstd or bzip2 file. Nothing was stored. Upload it without "
        "decompressing it."
    ),
    decompression.NO_IMAGE: _(
        "The %(kind)s file contains a %(content)s file, not an image. Nothing was stored. Extract "
        "it on your computer, then upload the image in it."
    ),
    decompression.EMPTY: _("The %(kind)s file contains no data. Choose another file."),
}


def reason(cause: Mapping[str, Any]) -> str:
    """Return the sentences for the `cause`, `kind` and `content` of a `NotDecompressed`."""
    values = {"limit": conf.DECOMPRESSED_GIB.value, **cause}
    return str(_REASONS[cause["cause"]]) % values
