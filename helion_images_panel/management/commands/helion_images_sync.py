# SPDX-License-Identifier: Apache-2.0
"""Brings images that are published to domains to the projects that there are now."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from helion_images_panel import exceptions
from helion_images_panel.api import projects
from helion_images_panel.api.credentials import NoCredentials, request_from_environment
from helion_images_panel.publishing.sync import Synced, sync

IN_SYNC, CANNOT_RUN, NOT_ALL, DRIFT = 0, 1, 2, 3


class Command(BaseCommand):
    help = (
        "Shares images that are published to a domain with the projects that came later, and takes "
        "them from those that are disabled or gone. Ends with 0 when all is in sync, 1 when it "
        "could not run, 2 when something could not be mended, 3 when a dry run found drift."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--domain", help="name or ID of the only domain to look at")
        parser.add_argument("--dry-run", action="store_true", help="change nothing, only tell")
        parser.add_argument("--json", action="store_true", help="tell it as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            code = self._run(options)
        except (NoCredentials, exceptions.ImageServiceError) as error:
            self.stderr.write(f"helion_images_sync: {error}")
            code = CANNOT_RUN
        except exceptions.SessionEnded:
            self.stderr.write("helion_images_sync: the image service does not accept the token")
            code = CANNOT_RUN
        raise SystemExit(code)

    def _run(self, options: dict[str, Any]) -> int:
        request = request_from_environment()
        domain_ids = []
        if options["domain"]:
            wanted = options["domain"]
            domains = projects.domain_list(request)
            domain_ids = [d.id for d in domains if wanted in (d.id, d.name)]
            if not domain_ids:
                self.stderr.write(f"helion_images_sync: there is no domain {wanted!r}")
                return CANNOT_RUN
        found = []
        for synced in sync(request, domain_ids, options["dry_run"]):
            found.append(synced)
            if not options["json"]:
                self.stdout.write(_line(synced, options["dry_run"]))
        if options["json"]:
            self.stdout.write(json.dumps([_entry(synced) for synced in found], indent=2))
        if any(synced.failed for synced in found):
            return NOT_ALL
        return DRIFT if options["dry_run"] and any(s.drifted for s in found) else IN_SYNC


def _line(synced: Synced, dry_run: bool) -> str:
    reach = f"{synced.reach.reached} of {synced.reach.total} projects"
    # One line, whatever the name holds.
    name = json.dumps(synced.image.display_name, ensure_ascii=False)
    said = f"{synced.image.id} {name}: "
    if synced.error:
        said += synced.error
    elif not synced.drifted:
        said += f"in sync, {reach}"
    else:
        said += f"{'drift' if dry_run else 'mended'}, {reach}"
    for result in synced.results:
        said += f"\n    {result.project_id} {result.outcome}"
        said += f": {result.error}" if result.error else ""
    return said


def _entry(synced: Synced) -> dict[str, Any]:
    return {
        "id": synced.image.id,
        "name": synced.image.name,
        "domain_id": synced.domain_id,
        "reached": synced.reach.reached,
        "total": synced.reach.total,
        "drifted": synced.drifted,
        "error": synced.error or None,
        "projects": [
            {
                "id": result.project_id,
                "outcome": result.outcome,
                "reason": str(result.error) if result.error else None,
            }
            for result in synced.results
        ],
    }
