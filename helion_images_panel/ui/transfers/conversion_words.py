# SPDX-License-Identifier: Apache-2.0
"""What is known of an image that the cloud converted while it imported it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from helion_images_panel.core import formats, requested, verification
from helion_images_panel.core.image import Image
from helion_images_panel.ui.base import labels


def note(image: Image) -> str:
    """Return from which format it was converted, and what was compared."""
    return " ".join(filter(None, (_from(image), _comparison(image), _virtual_size(image))))


def _from(image: Image) -> str:
    found = requested.requested_of(image)
    disk, _slash, container = found.formats.partition("/") if found else ("", "", "")
    source = formats.format_of(disk, container) if disk and container else ""
    if not source or source == image.format:
        # It was unpacked, and has the format that was requested.
        return _("This cloud converted the image.")
    return _("This cloud converted the image from %(format)s.") % {
        "format": labels.format_label(source)
    }


def _comparison(image: Image) -> str:
    if verification.source_was_compared(image):
        return _(
            "Before that, the uploaded file was compared with the expected checksum, and matched."
        )
    if not requested.is_staged_file(image):
        return _("The source could not be compared with the expected checksum. The image is kept.")
    if verification.expected_of(image):
        return _(
            "The uploaded file was compared with the expected checksum, but the result could not "
            "be saved."
        )
    return _("There was no expected checksum to compare the uploaded file with.")


def _virtual_size(image: Image) -> str:
    """Compare the disk in the image with that in the source, if both are known."""
    found = requested.requested_of(image)
    source_bytes = found.virtual_bytes if found else None
    # Of a raw disk the data itself is counted.
    bytes_ = image.size_bytes if image.format == "raw" else image.virtual_size_bytes
    if source_bytes is None or bytes_ is None:
        return ""
    if source_bytes == bytes_:
        return _("The virtual size of %(size)s agrees with that of the source.") % {
            "size": labels.size_label(bytes_)
        }
    return _(
        "Warning: the virtual size is %(size)s, and that of the source is %(source)s. Check the "
        "image before you use it."
    ) % {
        "size": labels.exact_size_label(bytes_),
        "source": labels.exact_size_label(source_bytes),
    }
