# SPDX-License-Identifier: Apache-2.0
"""One warning in the log for each failure that a page works without, and its users do not see."""

from __future__ import annotations

import logging

from helion_images_panel import exceptions
from helion_images_panel.core.audit import log_safe

LOG = logging.getLogger(__name__)


def log(missing: str, error: Exception) -> None:
    """Log which part of a page is missing, and why.

    :param missing: such as "Members of image …"
    """
    # The messages of other exceptions may contain URLs and tokens.
    reason = str(error) if isinstance(error, exceptions.ImageServiceError) else ""
    cause = type(error.__cause__ or error).__name__
    LOG.warning(
        "Missing on a page: %s. %s", log_safe(missing), log_safe(f"{reason} ({cause})".strip())
    )
