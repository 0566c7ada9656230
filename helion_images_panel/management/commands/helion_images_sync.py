# SPDX-License-Identifier: Apache-2.0
"""Re-sync images that are published to domains with the current projects."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandParser

from helion_images_panel import exceptions
from helion_images_panel.api.credentials import request_from_environment
from helion_images_panel.core.visible_text import escaped
from helion_images_panel.management.domain_command import CANNOT_RUN, NOT_ALL, DomainCommand, reason
from helion_images_panel.publishing.sync import Synced, sync

IN_SYNC, DRIFT = 0, 3


UNVERIFIED = "its publication property is not signed with this dashboard's SECRET_KEY"


class Command(DomainCommand):
    name = "helion_images_sync"
    help = (
        "Shares images that are published to a domain with projects added later, and removes "
        "disabled and deleted projects from them. Exit codes: 0 all images are in sync, 1 the "
        "command could not run, 2 some images could not be checked or synced, 3 a dry run found "
        "drift."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--domain", help="name or ID of the domain to sync (default: all)")
        parser.add_argument(
            "--dry-run", action="store_true", help="report the drift and change nothing"
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def run(self, options: dict[str, Any]) -> int:
        request = request_from_environment()
        domain_ids = self.domain_ids(request, options["domain"])
        if domain_ids is None:
            return CANNOT_RUN
        results: list[Synced] = []
        interruption = ""
        try:
            for synced in sync(request, domain_ids, options["dry_run"]):
                results.append(synced)
                if not options["json"] and not synced.unverified:
                    self.stdout.write(_line(synced, options["dry_run"]))
        except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
            interruption = reason(error)
        unverified = [synced for synced in results if synced.unverified]
        if options["json"]:
            self.stdout.write(
                json.dumps(_report(results, options["dry_run"], interruption), indent=2)
            )
        for synced in unverified:
            self.complain(f"{_title(synced)}: {UNVERIFIED}; skipped")
        if interruption:
            return self.stopped(len(results), interruption)
        if any(synced.failed for synced in results):
            return NOT_ALL
        return DRIFT if options["dry_run"] and any(s.drifted for s in results) else IN_SYNC


def _title(synced: Synced) -> str:
    # A terminal or a mail shows it.
    name = json.dumps(synced.image.bare_name, ensure_ascii=False)
    return f"{synced.image.id} {escaped(name)}"


def _line(synced: Synced, dry_run: bool) -> str:
    text = f"{_title(synced)}: {_outcome(synced, dry_run)}"
    if dry_run:
        for action, project_ids in _plan(synced).items():
            text += "".join(f"\n    {escaped(id_)} to {action}" for id_ in project_ids)
    for result in synced.results:
        text += f"\n    {escaped(result.project_id)} {result.outcome}"
        text += f": {escaped(str(result.error))}" if result.error else ""
    return text


def _outcome(synced: Synced, dry_run: bool) -> str:
    if synced.gone:
        return "image was deleted"
    if synced.error and not synced.results:
        return escaped(synced.error)
    reach = f"{synced.reach.reached} of {synced.reach.total} projects"
    if synced.failed:
        return f"partly synced, {reach}" + (f": {escaped(synced.error)}" if synced.error else "")
    if not synced.drifted:
        return f"in sync, {reach}"
    return f"{'drift' if dry_run else 'synced'}, {reach}"


def _plan(synced: Synced) -> dict[str, list[str]]:
    """IDs of the projects that a dry run would change, by action."""
    plan = synced.plan
    if plan is None:
        return {"add": [], "accept": [], "remove": []}
    return {"add": [*plan.add], "accept": [*plan.accept], "remove": [*plan.remove]}


def _report(results: Sequence[Synced], dry_run: bool, interruption: str) -> dict[str, Any]:
    return {
        "images": [_entry(synced, dry_run) for synced in results if not synced.unverified],
        "unverified": [synced.image.id for synced in results if synced.unverified],
        "broken_off": interruption or None,
    }


def _entry(synced: Synced, dry_run: bool) -> dict[str, Any]:
    return {
        "id": synced.image.id,
        "name": synced.image.name,
        "domain_id": synced.domain_id,
        "reached": synced.reach.reached,
        "total": synced.reach.total,
        "drifted": synced.drifted,
        "gone": synced.gone,
        "error": synced.error or None,
        "plan": _plan(synced) if dry_run else None,
        "projects": [
            {
                "id": result.project_id,
                "outcome": result.outcome,
                "reason": str(result.error) if result.error else None,
            }
            for result in synced.results
        ],
    }
