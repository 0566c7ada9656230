# SPDX-License-Identifier: Apache-2.0
"""All checks of an installation, in the order in which an operator corrects things."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from helion_images_panel.installation import check_files, horizon
from helion_images_panel.installation.finding import PROBLEM, Finding
from helion_images_panel.installation.public_address import PublicAddress


def check(
    local: Path | None,
    address: PublicAddress | None,
    largest_gib: int,
    glance_config: Path | None,
) -> Iterator[Finding]:
    """:param local: Horizon's folder `local`; by default where this Horizon looks"""
    try:
        horizon.set_up()
    except Exception as error:
        yield _not_loaded(error)
        return
    # These import modules that need the settings.
    from helion_images_panel.installation import (
        check_glance,
        check_settings,
        check_static,
        check_web,
    )

    folders = [local / "enabled"] if local else check_files.horizons_folders()
    parts: list[Callable[[], Iterator[Finding]]] = [
        check_settings.check_version,
        lambda: check_files.check(folders, check_files.stock_folders()),
        check_settings.check_settings,
        check_settings.check_cache,
        check_settings.check_policy,
        check_static.check,
        lambda: check_web.check(address, largest_gib),
        lambda: check_glance.check(address.origin if address else "", glance_config),
    ]
    for part in parts:
        yield from _whatever_happens(part)


def _whatever_happens(part: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """An error of one check, as of a setting that is not understood, ends only this check."""
    try:
        yield from part()
    except Exception as error:
        text = f"A check failed: {type(error).__name__}: {error}"
        step = "Correct the settings that the message names. If it names none, report this error."
        yield Finding("error", PROBLEM, text, step)


def _not_loaded(error: Exception) -> Finding:
    if isinstance(error, ModuleNotFoundError) and error.name in ("horizon", "openstack_dashboard"):
        text = "This Python environment has no Horizon."
        step = "Run the command with Horizon's own Python."
    else:
        text = f"Horizon's settings cannot be loaded: {type(error).__name__}: {error}"
        step = "Correct the settings, or the file in local/enabled, that the message names."
    if isinstance(error, PermissionError):
        step = "Run the command as the user of the web server."
    return Finding("horizon", PROBLEM, text, step)
