# SPDX-License-Identifier: Apache-2.0
"""One run of the lifecycle command at a time for a domain, and none beside one for all domains.

Two runs would count on each other's images to be kept: of duplicates, each would keep the one
that the other deletes.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

from helion_images_panel.api import client, lock, projects
from helion_images_panel.api.cache import CacheUnavailable
from helion_images_panel.core.glance_time import TIME_FORMAT
from helion_images_panel.core.stored_rules import ALL_DOMAINS


class NotAlone(Exception):
    """The command cannot run; ``str()`` is the reason, and who runs it."""


@contextmanager
def exclusive(request: Any, domain_ids: Sequence[str]) -> Iterator[None]:
    """Keep out other runs for these domains, or for all without any; raise NotAlone beside one.

    Of two runs that begin at the same moment, one for all domains, both may end so.
    """
    own = list(domain_ids) or [ALL_DOMAINS]
    with ExitStack() as locks:
        try:
            held = [
                locks.enter_context(lock.held(_name(request, domain_id), note=_who()))
                for domain_id in own
            ]
            # Each announces itself before it looks for the others.
            _look_for(request, _others(request, domain_ids))
            # Some caches have nothing for a second after an error: they have the own locks then
            # no more than those of others.
            if not all(each.renew() for each in held):
                raise NotAlone(_running(""))
        except lock.LockHeld as error:
            raise NotAlone(_running(error.note)) from error
        except CacheUnavailable as error:
            raise NotAlone(
                "the cache, which has the lock of the command, is not available"
            ) from error
        yield


def _look_for(request: Any, domain_ids: Sequence[str]) -> None:
    """Raise NotAlone if one of these locks is taken."""
    for domain_id in domain_ids:
        note = lock.note_of(_name(request, domain_id))
        if note is not None:
            raise NotAlone(_running(note))


def _others(request: Any, domain_ids: Sequence[str]) -> list[str]:
    if domain_ids:
        return [ALL_DOMAINS]
    return [domain.id for domain in projects.domains_now(request)]


def _name(request: Any, domain_id: str) -> str:
    return client.cache_key(request, f"lifecycle.{domain_id}")


def _who() -> str:
    now = datetime.now(UTC).strftime(TIME_FORMAT)
    return f"on {socket.gethostname()}, process {os.getpid()}, since {now}"


def _running(note: str) -> str:
    return f"another run of the command is not finished: {note or 'unknown'}"
