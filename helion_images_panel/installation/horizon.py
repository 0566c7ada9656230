# SPDX-License-Identifier: Apache-2.0
"""The Horizon of this Python environment."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
from pathlib import Path

OLDEST = (25, 3)

#: The newest one that is tested, by its first number.
NEWEST = (27,)


class NoHorizon(Exception):
    """No Horizon can be imported; ``str()`` is the reason, with the next step."""


def local_folder() -> Path:
    """Return Horizon's folder `local`, without loading its settings."""
    spec = importlib.util.find_spec("openstack_dashboard")
    locations = spec.submodule_search_locations if spec else None
    if not locations:
        raise NoHorizon(
            "This Python environment has no Horizon. Run the command with Horizon's own Python, "
            "or name Horizon's folder openstack_dashboard/local by --into."
        )
    return Path(next(iter(locations)), "local")


def version() -> str:
    """Return Horizon's version; empty if its package has no metadata."""
    try:
        return importlib.metadata.version("horizon")
    except importlib.metadata.PackageNotFoundError:
        return ""


def release() -> tuple[int, ...]:
    """The numbers at the beginning of the version: (27, 0, 0)."""
    return tuple(int(number) for number in re.findall(r"\d+", version().partition("+")[0])[:3])


def set_up() -> None:
    """Load Horizon's settings. Any error of them may be raised."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openstack_dashboard.settings")
    from horizon.utils import secret_key

    # With many settings, Horizon writes its SECRET_KEY at the first start. A file of the user of
    # this command would be one that the web server may not read.
    secret_key.generate_or_read_from_file = _existing_key
    import django

    django.setup()


def _existing_key(key_file: str, key_length: int = 64) -> str:
    """Read the key; without one, return a key for this process only."""
    from horizon.utils import secret_key

    if os.path.exists(key_file):
        return str(secret_key.read_from_file(key_file))
    return str(secret_key.generate_key(key_length))
