# SPDX-License-Identifier: Apache-2.0
"""Checks of Horizon's version, its settings and its policy files."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.cache import cache

from helion_images_panel import policy
from helion_images_panel.installation import horizon
from helion_images_panel.installation.finding import NOTE, OK, PROBLEM, Finding

TAG = "helion_images_panel"

#: Rules of Glance that the panels check.
_RULES = sorted(
    value
    for name, value in vars(policy).items()
    if name.isupper() and isinstance(value, str) and name != "ADMIN"
)


def check_version() -> Iterator[Finding]:
    oldest = ".".join(map(str, horizon.OLDEST))
    if not horizon.release():
        yield Finding(
            "horizon-version",
            NOTE,
            "The version of Horizon is not known, since its package has no metadata.",
            f"Make sure that it is {oldest} or newer.",
        )
    elif horizon.release() < horizon.OLDEST:
        yield Finding(
            "horizon-version",
            PROBLEM,
            f"Horizon {horizon.version()} is older than {oldest}, the oldest that is supported.",
            "Upgrade Horizon.",
        )
    elif horizon.release()[:1] > horizon.NEWEST:
        yield Finding(
            "horizon-version",
            NOTE,
            f"This version of the panels was not tested with Horizon {horizon.version()}.",
            "Look for a newer version of the panels.",
        )
    else:
        yield Finding("horizon-version", OK, f"Horizon {horizon.version()} is supported.")


def check_settings() -> Iterator[Finding]:
    """What Django's system checks find, with those for deployments."""
    # It registers itself, also if Horizon does not have the panels yet.
    import_module("helion_images_panel.checks")
    found = checks.run_checks(tags=[TAG], include_deployment_checks=True)
    # By SILENCED_SYSTEM_CHECKS, such as that of the cache where one process serves all.
    messages = [message for message in found if not message.is_silenced()]
    for message in messages:
        identifier = str(message.id).rpartition(".")[2]
        yield Finding(f"settings-{identifier}", PROBLEM, str(message.msg), str(message.hint))
    if not messages:
        yield Finding("settings", OK, "The settings are right.")


def check_cache() -> Iterator[Finding]:
    """Store a value in the default cache, read it, and delete it."""
    value = secrets.token_hex(8)
    try:
        # Of this run alone: several hosts may share the cache.
        key = f"helion_images_check.{value}"
        cache.set(key, value, 30)
        found = cache.get(key)
        cache.delete(key)
    except Exception as error:  # Each backend raises errors of its own.
        text = f"The default cache cannot be used: {type(error).__name__}: {error}"
        step = "Start its server, install the Python module of its backend, or correct CACHES."
        yield Finding("cache", PROBLEM, text, step)
        return
    if found == value:
        yield Finding("cache", OK, "The default cache stores values.")
    else:
        text = "The default cache does not store values."
        yield Finding("cache", PROBLEM, text, "Start its server, or correct CACHES.")


def check_policy() -> Iterator[Finding]:
    if settings.POLICY_CHECK_FUNCTION is None:
        yield Finding(
            "policy",
            NOTE,
            "Horizon checks no policy, since POLICY_CHECK_FUNCTION is None. It offers all actions "
            "to all users, and Glance refuses some of them.",
            "Remove this setting.",
        )
        return
    wrong = list(_wrong_files()) or list(_wrong_rules())
    yield from wrong
    if not wrong:
        yield Finding("policy", OK, "Horizon has the rules of Glance that the panels check.")


def _wrong_files() -> Iterator[Finding]:
    folder = Path(settings.POLICY_FILES_PATH)
    for name in ("POLICY_FILES", "DEFAULT_POLICY_FILES"):
        file = getattr(settings, name).get("image")
        if not file:
            yield Finding(
                "policy-missing",
                PROBLEM,
                f"The setting {name} has no entry for “image”: actions are not offered to the "
                "right users.",
                f"Add the entry of Horizon's default of {name}.",
            )
        elif name == "DEFAULT_POLICY_FILES" and not (folder / file).is_file():
            yield Finding(
                "policy-missing",
                PROBLEM,
                f"The policy file {folder / file} is missing: actions are not offered to the "
                "right users.",
                "Copy it from Horizon's folder openstack_dashboard/conf, or correct "
                "POLICY_FILES_PATH.",
            )


def _wrong_rules() -> Iterator[Finding]:
    from openstack_auth import policy as auth_policy

    # It reports rules of other services, which are no part of this check.
    logging.getLogger("oslo_policy").setLevel(logging.CRITICAL)
    enforcer: Any = auth_policy._get_enforcer().get("image")
    known = set(enforcer.rules or ()) if enforcer else set()
    lacking = [rule for rule in _RULES if rule not in known]
    if lacking:
        yield Finding(
            "policy-missing",
            PROBLEM,
            f"Horizon's policy files lack rules of Glance: {', '.join(lacking)}. Actions are not "
            "offered to the right users.",
            "Use the policy files that come with this Horizon.",
        )
    elif _offers_to_readers(enforcer):
        yield Finding(
            "policy-readers",
            PROBLEM,
            "Horizon's policy files allow users with the role reader to change images. Glance "
            "refuses that by default, so users see actions that fail.",
            "Run “helion-images-panel enable --policy”, then restart the web server. If Glance "
            "allows it in this cloud, ignore this.",
        )


def _offers_to_readers(enforcer: Any) -> bool:
    reader = {"roles": ["reader"], "user_id": "u", "project_id": "p", "tenant_id": "p"}
    target = {"project_id": "p", "tenant_id": "p", "owner": "p"}
    return bool(enforcer.enforce(policy.MODIFY_IMAGE, target, reader))
