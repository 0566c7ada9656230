# SPDX-License-Identifier: Apache-2.0
"""The WSGI application that the demo's Horizon serves: the dashboard and its static files."""

from typing import Any

from openstack_dashboard.wsgi import application as dashboard  # isort: skip (sets Django up)
import yaml
from django.conf import settings
from whitenoise import WhiteNoise

# At its first request Horizon reads 440 kB of policies, by default with a parser in Python.
yaml.SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # type: ignore[misc]


def _never_changes(_path: str, url: str) -> bool:
    # django-compressor puts a digest of the content into the names.
    return url.startswith(f"{settings.STATIC_URL}{settings.COMPRESS_OUTPUT_DIR}/")


application: Any = WhiteNoise(
    dashboard,
    root=settings.STATIC_ROOT,
    prefix=settings.STATIC_URL,
    immutable_file_test=_never_changes,
)
