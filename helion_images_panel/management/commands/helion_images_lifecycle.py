# SPDX-License-Identifier: Apache-2.0
"""Do what the dates of images and stored rules ask for; delete permanently what can no longer be
restored.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandParser

from helion_images_panel import exceptions
from helion_images_panel.api.credentials import request_from_environment
from helion_images_panel.core.deletion import deletion_of
from helion_images_panel.core.rules import with_projects
from helion_images_panel.core.visible_text import escaped
from helion_images_panel.management.domain_command import CANNOT_RUN, NOT_ALL, DomainCommand, reason
from helion_images_panel.publishing import lifecycle, storage_days
from helion_images_panel.publishing.lifecycle import Applied
from helion_images_panel.publishing.one_run import NotAlone, exclusive

DONE, DUE = 0, 3

#: What is said of a step, and of one that is still to be taken.
_WORDS = {
    lifecycle.HIDE: ("hidden: it is deprecated", "to be hidden: it is deprecated"),
    lifecycle.DEACTIVATE: ("deactivated: it is obsolete", "to be deactivated: it is obsolete"),
    lifecycle.UNPROTECT: ("no longer protected", "to be unprotected"),
    lifecycle.DELETE: ("deleted", "to be deleted"),
    lifecycle.DELETE_PERMANENTLY: ("deleted permanently", "to be deleted permanently"),
}


class Command(DomainCommand):
    name = "helion_images_lifecycle"
    help = (
        "Hides, deactivates, unprotects and deletes images on the days that were set for them, "
        "applies the stored rules of Clean Up, and deletes images permanently that can no longer "
        "be restored: see HELION_IMAGES_RESTORE_DAYS. Adds what the images store to the figures of "
        "Storage. One run at a time for a domain. Exit codes: 0 nothing is left to do, 1 the "
        "command could not run, or another one runs, 2 some images could not be changed, 3 a dry "
        "run found images."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--domain", help="name or ID of a domain (default: all)")
        parser.add_argument(
            "--dry-run", action="store_true", help="list the images and change none"
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def run(self, options: dict[str, Any]) -> int:
        request = request_from_environment()
        domain_ids = self.domain_ids(request, options["domain"])
        if domain_ids is None:
            return CANNOT_RUN
        results: list[Applied] = []
        interruption = ""
        now = datetime.now(UTC)
        try:
            with nullcontext() if options["dry_run"] else exclusive(request, domain_ids):
                for applied in lifecycle.run(request, now, domain_ids, options["dry_run"]):
                    results.append(applied)
                    if not options["json"]:
                        self.stdout.write(_line(applied, options["dry_run"]))
                if not options["dry_run"]:
                    self._record_figures(request, now, domain_ids)
        except NotAlone as error:
            self.complain(str(error))
            return CANNOT_RUN
        except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
            interruption = reason(error)
        if options["json"]:
            report = _report(results, options["dry_run"], interruption)
            self.stdout.write(json.dumps(report, indent=2))
        if interruption:
            return self.stopped(len(results), interruption)
        if any(applied.error for applied in results):
            return NOT_ALL
        is_due = any(not applied.kept for applied in results)
        return DUE if options["dry_run"] and is_due else DONE

    def _record_figures(self, request: Any, now: datetime, domain_ids: Sequence[str]) -> None:
        """Add today's figures of Storage; without them, the chart has no step for this day."""
        try:
            storage_days.record(request, now, domain_ids)
        except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
            self.complain(f"the figures of Storage could not be stored: {reason(error)}")


def _line(applied: Applied, dry_run: bool) -> str:
    if applied.image is None:
        rule = f"rule {_rule(applied)}" if applied.rule else "all rules"
        return f"{rule} of domain {escaped(applied.domain_id)}: {escaped(applied.error)}"
    # A terminal or a mail shows it.
    name = json.dumps(applied.image.bare_name, ensure_ascii=False)
    return f"{applied.image.id} {escaped(name)}: {_outcome(applied, dry_run)}"


def _outcome(applied: Applied, dry_run: bool) -> str:
    if applied.error:
        return escaped(applied.error)
    if applied.kept:
        return f"kept: {applied.kept}"
    done, to_do = _WORDS[applied.step]
    by = f", by the rule {_rule(applied)}" if applied.rule else ""
    return (to_do if dry_run else done) + by


def _rule(applied: Applied) -> str:
    return escaped(with_projects(applied.rule, applied.projects))


def _report(results: Sequence[Applied], dry_run: bool, interruption: str) -> dict[str, Any]:
    return {
        "images": [_entry(applied, dry_run) for applied in results],
        "broken_off": interruption or None,
    }


def _entry(applied: Applied, dry_run: bool) -> dict[str, Any]:
    image = applied.image
    deletion = deletion_of(image) if image else None
    return {
        "id": image.id if image else None,
        "name": image.name if image else None,
        "owner": image.owner if image else None,
        "size_bytes": image.size_bytes if image else None,
        "step": applied.step,
        "rule": applied.rule or None,
        "domain": applied.domain_id or None,
        "projects": list(applied.projects) or None,
        "done": not (dry_run or applied.error or applied.kept),
        "kept": applied.kept or None,
        "deleted_at": deletion.at if deletion else None,
        "until": deletion.until if deletion else None,
        "error": applied.error or None,
    }
