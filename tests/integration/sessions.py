# SPDX-License-Identifier: Apache-2.0
"""The session that the demo's dashboard keeps of a person."""

from __future__ import annotations

import contextlib
import hashlib
import pickletools
import re
import zlib

from keystoneauth1.exceptions import NotFound

from demo.cloud import Cloud
from demo.horizon import Horizon
from tests.integration.client import Dashboard

#: A Fernet token, as it stands in a pickled session.
TOKEN = re.compile(rb"gAAAA[\w\-]+={0,2}")


def stored(horizon: Horizon, dashboard: Dashboard) -> bytes:
    """All that the dashboard keeps of a person's session, as it is written."""
    session_id = dashboard.session.cookies["sessionid"]
    # Named as Django's file cache names it.
    key = f":1:django.contrib.sessions.cache{session_id}"
    name = hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()
    with (horizon.folder / "sessions" / f"{name}.djcache").open("rb") as file:
        # The time of its end is pickled before it.
        for _ in pickletools.genops(file):
            pass
        return zlib.decompress(file.read())


def revoke_tokens(cloud: Cloud, dashboard: Dashboard, horizon: Horizon | None = None) -> None:
    """Ends the tokens of a person's session at Keystone; the session itself goes on.

    :param horizon: whose session it is, if not the cloud's own
    """
    tokens = set(TOKEN.findall(stored(horizon or cloud.horizon, dashboard)))
    assert tokens, "no token in the session"
    admin = cloud.session("admin")
    for token in tokens:
        # One takes the others with it that were made of it.
        with contextlib.suppress(NotFound):
            admin.delete(
                f"{cloud.keystone.auth_url}/auth/tokens",
                headers={"X-Subject-Token": token.decode()},
            )
