# SPDX-License-Identifier: Apache-2.0
"""Compare the catalogue of official images with the images of the cloud."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from helion_images_panel import exceptions
from helion_images_panel.api import publishers
from helion_images_panel.api.credentials import NoCredentials, request_from_environment
from helion_images_panel.catalogue import comparison
from helion_images_panel.catalogue.check import check
from helion_images_panel.catalogue.comparison import Comparison
from helion_images_panel.catalogue.entries import Build
from helion_images_panel.catalogue.files import catalogue
from helion_images_panel.catalogue.properties import properties_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.visible_text import escaped

UP_TO_DATE, CANNOT_RUN, NOT_ALL, OUTDATED = 0, 1, 2, 3

_STATES = {
    comparison.MISSING: "missing",
    comparison.CURRENT: "current",
    comparison.OUT_OF_DATE: "out of date",
    comparison.UNKNOWN: "cannot be told",
}


class Command(BaseCommand):
    help = (
        "Compares the official images of the catalogue with the images of this cloud: those that "
        "are public, and those of the project of the command's user. It changes nothing, and "
        "fetches no image. Exit codes: 0 no image is out of date, 1 the command could not run, "
        "2 some images or entries could not be compared, 3 all could, and at least one image is "
        "out of date. A missing image does not change the exit code."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare, and change nothing")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["check"]:
            raise CommandError(
                "This version of the command only compares: run it with --check. It cannot fetch "
                "images; make them with Create Image."
            )
        try:
            code = self._run(options["json"])
        except (NoCredentials, exceptions.ImageServiceError) as error:
            self._complain(str(error))
            code = CANNOT_RUN
        except exceptions.SessionEnded:
            self._complain("the image service rejected the token")
            code = CANNOT_RUN
        raise SystemExit(code)

    def _complain(self, message: str) -> None:
        self.stderr.write(f"helion_images_catalogue: {escaped(message)}")

    def _run(self, as_json: bool) -> int:
        found = catalogue()
        for problem in found.problems:
            self._complain(str(problem))
        if not found.entries:
            self._complain("the catalogue has no entry that can be used")
            return CANNOT_RUN
        results = check(request_from_environment(), found.entries)
        if as_json:
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
