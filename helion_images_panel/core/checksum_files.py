# SPDX-License-Identifier: Apache-2.0
"""The files beside an image in which publishers have its checksum."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, urljoin, urlsplit

from helion_images_panel.core import checksums
from helion_images_panel.core.checksums import Checksum, NotAChecksum
from helion_images_panel.core.url import last_part

#: Lists of all files of a folder.
_OF_FOLDER = (
    "SHA256SUMS",
    "SHA512SUMS",
    "CHECKSUM",
    "sha256sum.txt",
    "CHECKSUM.SHA256",
    "CHECKSUM.SHA512",
)

#: Ends of the name of a file that has the checksum of one image.
_OF_IMAGE = (".sha256", ".sha512", ".sha256sum", ".SHA256", ".CHECKSUM", ".DIGESTS")


def candidates(url: str) -> Sequence[str]:
    """Return the URLs of files that may have the checksum; none for a URL with a query.

    A signed URL opens one file only, and its signature is for nobody else.
    """
    name = last_part(url)
    if not name or urlsplit(url).query:
        return ()
    own = [quote(name) + suffix for suffix in _OF_IMAGE]
    return [urljoin(url, each) for each in (*own, *_OF_FOLDER)]


def checksum_in(list_url: str, text: str, file_name: str) -> Checksum | None:
    """Return the checksum of the image in such a file; None without one.

    In a list of a folder, the name of the image must be there: a checksum that is alone in it
    may be that of another file.
    """
    is_own = last_part(list_url).startswith(file_name)
    if not is_own and not re.search(rf"(?<![\w.-]){re.escape(file_name)}(?![\w-]|\.\w)", text):
        return None
    try:
        return checksums.parse(text, file_name)
    except NotAChecksum:
        return None
