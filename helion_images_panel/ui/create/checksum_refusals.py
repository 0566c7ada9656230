# SPDX-License-Identifier: Apache-2.0
"""The expected checksum in a text, or the reason why there is none and what to enter instead."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from helion_images_panel.core import checksums
from helion_images_panel.core.checksums import Checksum, NotAChecksum
from helion_images_panel.transfers import digests

#: Maximum number of characters of a word of the text that a message repeats.
NAME_LENGTH = 60

_LABELS = {"md5": "MD5", "sha256": "SHA-256", "sha512": "SHA-512"}


def label(algorithm: str) -> str:
    return _LABELS.get(algorithm, algorithm)


def checksum_in(text: str, file_name: str) -> Checksum:
    """Return the file's checksum; raise ValidationError with the reason without one.

    :param file_name: name of the image file; may be empty
    """
    try:
        checksum = checksums.parse(text, file_name)
    except NotAChecksum as error:
        raise ValidationError(of_error(error, file_name)) from error
    if not digests.is_available(checksum.algorithm):
        raise ValidationError(of_algorithm(checksum))
    return checksum


def recognized(checksum: Checksum) -> str:
    return _("%(algorithm)s checksum recognized.") % {"algorithm": label(checksum.algorithm)}


def of_error(error: NotAChecksum, file_name: str) -> str:
    """:param file_name: name of the image file; may be empty"""
    if isinstance(error, checksums.SeveralChecksums):
        return _several(file_name)
    if isinstance(error, checksums.UnknownName):
        return _(
            "“%(name)s” before the digits is not a supported kind of checksum. Enter a SHA-256, "
            "SHA-512 or MD5 checksum. If the digits are one of these, enter the digits only."
        ) % {"name": Truncator(error.name).chars(NAME_LENGTH)}
    if isinstance(error, checksums.WrongLength):
        return _wrong_length(error)
    return _(
        "The text is not a checksum. Enter the 64 digits of a SHA-256, the 128 of a "
        "SHA-512 or the 32 of an MD5 checksum, or the file's line in the publisher's list."
    )


def _several(file_name: str) -> str:
    if file_name:
        return _(
            "This list has several checksums, but none for “%(name)s”. Enter the "
            "checksum of this file only, or its line of the list."
        ) % {"name": file_name}
    return _(
        "The text has several checksums. Enter the checksum of the image file only, "
        "or its line of the list."
    )


def _wrong_length(error: checksums.WrongLength) -> str:
    if error.algorithm:
        return _(
            "The text is not a checksum. It names %(algorithm)s, which has %(expected)s digits, "
            "and has %(found)s. Copy the whole checksum, with the right name or without one."
        ) % {
            "algorithm": label(error.algorithm),
            "expected": checksums.LENGTHS[error.algorithm],
            "found": error.digits,
        }
    return _(
        "The text is not a checksum. It has %(found)s digits; a SHA-256 checksum has 64, a SHA-512 "
        "128 and an MD5 32. Copy the whole checksum of one of these kinds."
    ) % {"found": error.digits}


def of_algorithm(checksum: Checksum) -> str:
    """Return the refusal of a checksum that this Python cannot compute."""
    return _(
        "This dashboard cannot compute %(algorithm)s checksums: its system does not allow them. "
        "Enter the SHA-256 or SHA-512 checksum, or leave the field empty."
    ) % {"algorithm": label(checksum.algorithm)}
