# SPDX-License-Identifier: Apache-2.0
"""Compare the catalogue of official images with the images of the cloud, and fetch newer ones."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from helion_images_panel import exceptions
from helion_images_panel.api import publishers
from helion_images_panel.api.credentials import NoCredentials, request_from_environment
from helion_images_panel.catalogue import comparison, writing
from helion_images_panel.catalogue.check import check, newest_builds, official_images
from helion_images_panel.catalogue.comparison import Comparison
from helion_images_panel.catalogue.entries import Build, Entry
from helion_images_panel.catalogue.files import catalogue, read
from helion_images_panel.catalogue.properties import properties_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.visible_text import escaped
from helion_images_panel.management.checked import OWN_CHECKS
from helion_images_panel.management.fetch import arguments, report
from helion_images_panel.management.fetch.plan import Options, Result
from helion_images_panel.management.fetch.run import NotRun, run
from helion_images_panel.management.fetch.session import Session

UP_TO_DATE, CANNOT_RUN, NOT_ALL, OUTDATED = 0, 1, 2, 3

_STATES = {
    comparison.MISSING: "missing",
    comparison.CURRENT: "current",
    comparison.OUT_OF_DATE: "out of date",
    comparison.UNKNOWN: "cannot be told",
}


class Command(BaseCommand):
    requires_system_checks = OWN_CHECKS
    help = (
        "Compares the official images of the catalogue with the images of this cloud: those that "
        "are public, and those of the project of the command's user. With --check it changes "
        "nothing. With --fetch it has the image service download newer builds into the user's "
        "project, beside the images that are there, which stay as they are; compressed ones it "
        "reads and decompresses itself. With --write it writes a catalogue with the newest builds, "
        "and asks no cloud. Exit codes: 0 no "
        "image is out of date (any more), 1 the command could not run, 2 some images or entries "
        "could not be compared or fetched, 3 an image is out of date, or a dry run would fetch "
        "one, 4 the data of a publisher did not have its checksum. A missing image does not "
        "change the exit code, unless it was to be fetched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare, and change nothing")
        parser.add_argument(
            "--fetch",
            action="store_true",
            help="fetch the newest build of each image that is out of date, compare it with the "
            "publisher's checksum, and delete it if it does not match",
        )
        parser.add_argument(
            "--write",
            type=Path,
            metavar="FILE",
            help="write the catalogue with the newest builds to a file that "
            "HELION_IMAGES_CATALOGUE can name, for a dashboard without access to publishers; "
            "neither the cloud nor credentials are needed",
        )
        parser.add_argument(
            "--only",
            action="append",
            metavar="NAME",
            help="only the entries of this name, such as 'Debian 13' or 'Debian 13 (x86_64)'; may "
            "be repeated",
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        arguments.add_arguments(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["write"] and (options["check"] or options["fetch"] or options["json"]):
            raise CommandError("--write goes with --only alone")
        # What belongs to --fetch is refused with --write as with --check.
        reads = options["check"] or bool(options["write"])
        choices = arguments.options_of({**options, "check": reads})
        try:
            code = self._run(options, choices)
        except (NoCredentials, exceptions.ImageServiceError, NotRun) as error:
            self._complain(str(error))
            code = CANNOT_RUN
        except exceptions.SessionEnded:
            self._complain("the image service rejected the token")
            code = CANNOT_RUN
        raise SystemExit(code)

    def _complain(self, message: str) -> None:
        self.stderr.write(f"helion_images_catalogue: {escaped(message)}")

    def _run(self, options: dict[str, Any], choices: Options | None) -> int:
        found = catalogue()
        for problem in found.problems:
            self._complain(str(problem))
        entries = _selected(found.entries, options["only"] or ())
        if not entries:
            self._complain("the catalogue has no entry that can be used")
            return CANNOT_RUN
        if options["write"]:
            before = _written(options["write"])
            code = self._write(options["write"], entries, before, bool(options["only"]))
            return NOT_ALL if found.problems and code == UP_TO_DATE else code
        if choices:
            return self._fetch(entries, found.problems, choices, options["json"])
        # The images are listed first: without them no publisher is asked.
        request = request_from_environment()
        results = check(entries, official_images(request))
        if options["json"]:
            self.stdout.write(json.dumps(_report(results, found.problems), indent=2))
        else:
            for each in results:
                self.stdout.write(escaped(_line(each)))
            self.stdout.write(_summary(results))
        states = {each.state for each in results}
        # An entry without the publisher's list may be older than it seems.
        if found.problems or comparison.UNKNOWN in states or any(each.reason for each in results):
            return NOT_ALL
        return OUTDATED if comparison.OUT_OF_DATE in states else UP_TO_DATE

    def _write(
        self,
        path: Path,
        entries: Sequence[Entry],
        before: Mapping[tuple[str, str], Entry],
        merges: bool,
    ) -> int:
        """Write the entries, with the builds that the file had `before` where a publisher names
        none now. With `merges` the file keeps its other entries.
        """
        if publishers.is_off():
            raise NotRun("HELION_IMAGES_CATALOGUE_ACCESS is 'off': publishers cannot be asked")
        builds, reasons = newest_builds(entries)
        for title, reason in reasons.items():
            self._complain(f"{title}: {reason}")
        if not any(builds.values()):
            raise NotRun("no build was found; nothing was written")
        try:
            found = writing.kept([(each, builds[each.key]) for each in entries], before)
            others = [(each, None) for key, each in before.items() if merges and key not in builds]
            writing.write(path, writing.document_of([*others, *found]))
        except OSError as error:
            raise NotRun(f"{path} could not be written: {error.strerror or error}") from error
        count = sum(build is not None for build in builds.values())
        self.stdout.write(f"{count} of {len(entries)} entries have their newest build in {path}.")
        return NOT_ALL if reasons else UP_TO_DATE

    def _fetch(
        self, entries: Sequence[Entry], problems: Sequence[Any], choices: Options, is_json: bool
    ) -> int:
        results: list[Result] = []
        session = Session(request_from_environment(), request_from_environment)
        for result in run(session, entries, choices):
            results.append(result)
            if not is_json:
                self.stdout.write(escaped(report.line(result)))
                self.stdout.flush()
        if is_json:
            found = report.as_json(results, problems, choices.is_dry_run)
            self.stdout.write(json.dumps(found, indent=2))
        else:
            self.stdout.write(report.summary(results))
        return report.exit_code(results, bool(problems))


def _written(path: Path) -> Mapping[tuple[str, str], Entry]:
    """Return the entries that the file has, by their keys."""
    return {each.key: each for each in read([str(path.resolve())]).entries} if path.exists() else {}


def _selected(entries: Sequence[Entry], names: Sequence[str]) -> Sequence[Entry]:
    """Return the entries of these names, or all. Raise NotRun for a name that none has."""
    if not names:
        return entries
    wanted = {name.casefold() for name in names}
    found = [each for each in entries if {each.name.casefold(), each.title.casefold()} & wanted]
    known = {name.casefold() for each in found for name in (each.name, each.title)}
    if unknown := [name for name in names if name.casefold() not in known]:
        raise NotRun(f"the catalogue has no entry {unknown[0]!r}")
    return found


def _line(each: Comparison) -> str:
    parts = [f"{each.entry.title}: {_STATES[each.state]}"]
    if each.newest:
        parts.append(f"newest build {_build(each.newest)}")
    if each.image:
        parts.append(f"this cloud has {_image(each.image)}")
    if each.days:
        parts.append("1 day older" if each.days == 1 else f"{each.days} days older")
    return "; ".join(parts) + (f". {each.reason}" if each.reason else "")


def _build(build: Build) -> str:
    is_dated = build.build_date and build.build_date.replace("-", "") not in build.version
    return f"{build.version} of {build.build_date}" if is_dated else build.version


def _image(image: Image) -> str:
    day = comparison.build_day(image)
    name = json.dumps(image.bare_name, ensure_ascii=False)
    return f"{image.id} {name}" + (f", build of {day}" if day else "")


def _summary(results: list[Comparison]) -> str:
    counts = Counter(each.state for each in results)
    access = "" if not publishers.is_off() else " Publishers were not asked: access is off."
    return ", ".join(f"{counts[state]} {label}" for state, label in _STATES.items()) + "." + access


def _report(results: list[Comparison], problems: Any) -> dict[str, Any]:
    return {
        "images": [_entry(each) for each in results],
        "problems": [str(problem) for problem in problems],
        "publishers_asked": not publishers.is_off(),
    }


def _entry(each: Comparison) -> dict[str, Any]:
    newest, image, entry = each.newest, each.image, each.entry
    return {
        "name": entry.name,
        "architecture": entry.architecture,
        "state": each.state,
        "reason": each.reason or None,
        "end_of_support": entry.end_of_support or None,
        "days": each.days,
        "newest": newest
        and {
            "version": newest.version,
            "url": newest.url,
            "checksum": str(newest.checksum) if newest.checksum else None,
            "build_date": newest.build_date or None,
            "size": newest.size_bytes,
            "compression": newest.compression or None,
            "disk_format": entry.format,
            "min_disk": entry.min_disk_gib,
            "min_ram": entry.min_ram_mib,
            "tags": list(entry.tags),
            "properties": dict(properties_of(entry, newest)),
        },
        "image": image
        and {
            "id": image.id,
            "name": image.name,
            "build_date": comparison.build_day(image) or None,
            "created_at": image.created_at,
        },
    }
