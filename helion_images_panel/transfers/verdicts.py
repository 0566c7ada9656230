# SPDX-License-Identifier: Apache-2.0
"""What Glance has stored, compared with what was sent, and the record of it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from helion_images_panel import exceptions
from helion_images_panel.api import cache, images
from helion_images_panel.api.client import Request, cache_key
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.verification import (
    MISMATCH,
    UNKNOWN,
    VERIFIED,
    Verified,
    agrees,
    verified_property,
)

LOG = logging.getLogger(__name__)

#: Glance's own default for `hashing_algorithm`.
DEFAULT_ALGORITHM = "sha512"

#: Seconds: operators hardly ever change it, and `compare_and_record` notices.
ALGORITHM_KEPT_S = 24 * 3600


@dataclass(frozen=True)
class Verdict:
    """`state` is VERIFIED, MISMATCH, or UNKNOWN where nothing could be compared.

    `error` is what kept the comparison from being made, or from being
    written down; the image itself is active and stays so.
    """

    state: str
    error: Exception | None = None


class NothingInCommon(exceptions.ImageServiceError):
    """Glance has no checksum of a kind that was computed here."""


def algorithms(request: Request) -> tuple[str, ...]:
    """What is to be computed of data, so that Glance's own checksums can confirm it.

    That is `os_hash_algo` of this region's Glance, as far as its images tell;
    else its default, and MD5, which it keeps as well.
    """
    key = _algorithm_key(request)
    known = cache.get(key)
    if isinstance(known, str):
        return (known,)
    try:
        told = images.hash_algorithm(request)
    except exceptions.ImageServiceError as error:
        LOG.debug("The hash algorithm is not known: %s", error)
        told = None
    if told is None or told not in hashlib.algorithms_available:
        return (DEFAULT_ALGORITHM, "md5")
    cache.set(key, told, ALGORITHM_KEPT_S)
    return (told,)


def compare_and_record(
    request: Request, image_id: str, computed: Mapping[str, Checksum]
) -> Verdict:
    """Asks Glance what it has stored, and writes the outcome on the image.

    `computed` has the checksums of the data that was sent, or read, by their
    algorithms. Nothing is raised: what goes wrong is in the verdict.
    """
    try:
        image = images.image_get(request, image_id)
    except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
        LOG.warning("Image %s could not be compared: %s", image_id, error)
        return Verdict(UNKNOWN, error)
    if image.hash_algorithm:
        cache.set(_algorithm_key(request), image.hash_algorithm, ALGORITHM_KEPT_S)
    known = [checksum for checksum in computed.values() if agrees(image, checksum) is not None]
    if not known:
        LOG.warning("Image %s has no checksum to compare with", image_id)
        return Verdict(UNKNOWN, NothingInCommon(f"os_hash_algo {image.hash_algorithm}"))
    # Glance's secure hash tells more than its MD5.
    known.sort(key=lambda checksum: checksum.algorithm != image.hash_algorithm)
    wrong = [checksum for checksum in known if not agrees(image, checksum)]
    if wrong:
        # An alarm for whoever runs the cloud: data has changed on its way.
        LOG.error("Image %s does not have the data that was sent, %s", image_id, wrong[0])
    not_written = record(request, image_id, *(wrong or known), *computed.values())
    if wrong:
        return Verdict(MISMATCH, not_written)
    return Verdict(UNKNOWN if not_written else VERIFIED, not_written)


def record(request: Request, image_id: str, *checksums: Checksum) -> Exception | None:
    """Writes on the image what was computed of its data, when and for whom.

    The first of the checksums is the one that tells most.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    verified = Verified(tuple(dict.fromkeys(checksums)), now, str(request.user.username))
    try:
        images.image_update(request, image_id, verified_property(image_id, verified))
    except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
        LOG.warning("What was computed of image %s could not be recorded: %s", image_id, error)
        return error
    return None


def _algorithm_key(request: Request) -> str:
    return cache_key(request, "hash_algorithm")
