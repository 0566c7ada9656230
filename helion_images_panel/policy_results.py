# SPDX-License-Identifier: Apache-2.0
"""Results of policy checks that a process keeps from one page to the next.

oslo.policy goes through all rules of a service at each check, and a list of images takes
some twenty checks.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from openstack_auth import policy as horizon_policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    Results = dict[Any, bool]

HORIZONS_CHECK = "openstack_auth.policy.check"

#: Seconds for which results are kept at most: a rule may ask a server ("http:").
KEPT_S = 60

#: Maximum number of users with results; a user has some 2 KiB of them.
MAX_USERS = 1000


class _Kept:
    def __init__(self, valid_for: object, until: float):
        self.valid_for = valid_for
        self.until = until
        self.of_users: dict[object, Results] = {}


_kept = _Kept(None, 0)


def kept_results(request: HttpRequest) -> Results:
    """Return the results for all that Horizon's check knows of the user, to look up and to add to.

    They are valid for the rules as they are now: a change of a policy file empties them. A
    check of the operator's own may depend on anything, so its results are not kept.
    """
    global _kept
    if settings.POLICY_CHECK_FUNCTION != HORIZONS_CHECK:
        return {}
    valid_for = (horizon_policy._get_enforcer(), tuple(_rule_files()))
    kept = _kept
    if (
        kept.valid_for != valid_for
        or time.monotonic() > kept.until
        or len(kept.of_users) >= MAX_USERS
    ):
        kept = _kept = _Kept(valid_for, time.monotonic() + KEPT_S)
    user = request.user
    credentials = horizon_policy._user_to_credentials(user)
    key = (
        user.user_domain_id,
        *(tuple(value) if isinstance(value, list) else value for value in credentials.values()),
    )
    return kept.of_users.setdefault(key, {})


def _rule_files() -> Iterator[tuple[str, int]]:
    """Yield each of the operator's files of rules, and when it was changed."""
    for service in ("image", "compute", "volume"):
        if service not in settings.POLICY_FILES:
            continue
        path, folders = horizon_policy._get_policy_file_with_full_path(service)
        paths = [path]
        for folder in folders:
            if os.path.isdir(folder):
                paths += [folder, *sorted(entry.path for entry in os.scandir(folder))]
        for each in paths:
            try:
                yield each, os.stat(each).st_mtime_ns
            except OSError:
                continue
