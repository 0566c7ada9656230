# SPDX-License-Identifier: Apache-2.0
"""Delete images permanently whose time to be restored is over."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandParser

from helion_images_panel import exceptions
from helion_images_panel.api.credentials import request_from_environment
from helion_images_panel.core.deletion import deletion_of
from helion_images_panel.core.visible_text import escaped
from helion_images_panel.management.domain_command import CANNOT_RUN, NOT_ALL, DomainCommand, reason
from helion_images_panel.publishing.lifecycle import Ended, end

DONE, DUE = 0, 3


class Command(DomainCommand):
    name = "helion_images_lifecycle"
    help = (
        "Deletes images permanently that users have deleted, and that can no longer be restored: "
        "see HELION_IMAGES_RESTORE_DAYS. Exit codes: 0 no such image is left, 1 the command could "
        "not run, 2 some images could not be deleted, 3 a dry run found images."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--domain", help="name or ID of a domain (default: all)")
        parser.add_argument(
            "--dry-run", action="store_true", help="list the images and delete none"
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def run(self, options: dict[str, Any]) -> int:
        request = request_from_environment()
        domain_ids = self.domain_ids(request, options["domain"])
        if domain_ids is None:
            return CANNOT_RUN
        results: list[Ended] = []
        interruption = ""
        try:
            for ended in end(request, datetime.now(UTC), domain_ids, options["dry_run"]):
                results.append(ended)
                if not options["json"]:
                    self.stdout.write(_line(ended, options["dry_run"]))
        except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
            interruption = reason(error)
        if options["json"]:
            report = _report(results, options["dry_run"], interruption)
            self.stdout.write(json.dumps(report, indent=2))
        if interruption:
            return self.stopped(len(results), interruption)
        if any(ended.error for ended in results):
            return NOT_ALL
        return DUE if options["dry_run"] and results else DONE


def _line(ended: Ended, dry_run: bool) -> str:
    # A terminal or a mail shows it.
    name = json.dumps(ended.image.bare_name, ensure_ascii=False)
    return f"{ended.image.id} {escaped(name)}: {_outcome(ended, dry_run)}"


def _outcome(ended: Ended, dry_run: bool) -> str:
    if ended.error:
        return escaped(ended.error)
    if ended.kept:
        return "kept: it has changed in the meantime"
    return "to be deleted permanently" if dry_run else "deleted permanently"


def _report(results: Sequence[Ended], dry_run: bool, interruption: str) -> dict[str, Any]:
    return {
        "images": [_entry(ended, dry_run) for ended in results],
        "broken_off": interruption or None,
    }


def _entry(ended: Ended, dry_run: bool) -> dict[str, Any]:
    deletion = deletion_of(ended.image)
    return {
        "id": ended.image.id,
        "name": ended.image.name,
        "owner": ended.image.owner,
        "size_bytes": ended.image.size_bytes,
        "deleted_at": deletion.at if deletion else None,
        "until": deletion.until if deletion else None,
        "deleted_permanently": not (dry_run or ended.error or ended.kept),
        "error": ended.error or None,
    }
