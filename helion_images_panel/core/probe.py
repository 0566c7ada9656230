# SPDX-License-Identifier: Apache-2.0
"""The request by which `helion-images-panel check` measures what the web server does to a body.

The command signs it with SECRET_KEY, which it reads from Horizon's settings on the
dashboard's host. Nobody else can have the dashboard read a body without a login.
"""

from __future__ import annotations

import importlib.metadata
import secrets

from django.core.signing import BadSignature, TimestampSigner

#: Below the index of the Project panel. It ends as the path of an upload does, so that a
#: web server with rules for paths treats both alike.
PATH = "probe/upload/"

#: The header with the signature: a query would be in the log of the web server.
HEADER = "X-Helion-Images-Probe"

#: Value of the key "probe" in the response.
NAME = "helion_images_panel"

#: A body of this size is read; of a larger one only the declared size is returned. It is
#: above the default limit of nginx, and above the buffers that web servers have in memory.
BODY_BYTES = 4 * 1024 * 1024

#: Seconds for which a signature is valid, once: for hosts whose clocks differ.
VALID_S = 300

_SIGNED = "probe."


def version() -> str:
    """Return the version of the package that this process has; empty if it is not installed."""
    try:
        return importlib.metadata.version("helion-images-panel")
    except importlib.metadata.PackageNotFoundError:
        return ""


def signature() -> str:
    return str(_signer().sign(_SIGNED + secrets.token_hex(8)))


def is_valid(text: str) -> bool:
    try:
        return str(_signer().unsign(text, max_age=VALID_S)).startswith(_SIGNED)
    except BadSignature:
        return False


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="helion_images_panel.probe")
