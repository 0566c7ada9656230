# SPDX-License-Identifier: Apache-2.0
"""What the command reports of images that it has fetched, as lines and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from helion_images_panel.catalogue import comparison
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import stored_checksum
from helion_images_panel.management.fetch import plan
from helion_images_panel.management.fetch.plan import Result

DONE, CANNOT_RUN, NOT_ALL, TO_DO, WRONG_CHECKSUM = range(5)

_LABELS = {
    plan.FETCHED: "fetched",
    plan.TO_FETCH: "to be fetched",
    plan.TO_RESUME: "to be continued",
    plan.CURRENT: "current",
    plan.MISSING: "missing",
    plan.IN_PROGRESS: "in progress",
    plan.IMPOSSIBLE: "cannot be fetched",
    plan.UNKNOWN: "cannot be told",
    plan.FAILED: "not fetched",
    plan.MISMATCH: "wrong checksum",
}

_NOT_DONE = {plan.IN_PROGRESS, plan.IMPOSSIBLE, plan.UNKNOWN, plan.FAILED}


def exit_code(results: Sequence[Result], has_problems: bool) -> int:
    outcomes = {result.outcome for result in results}
    if plan.MISMATCH in outcomes:
        return WRONG_CHECKSUM
    # An entry without the publisher's list may be older than it seems.
    is_uncertain = any(
        result.outcome in (plan.CURRENT, plan.MISSING) and result.reason for result in results
    )
    if has_problems or is_uncertain or outcomes & _NOT_DONE:
        return NOT_ALL
    return TO_DO if outcomes & {plan.TO_FETCH, plan.TO_RESUME} else DONE


def line(result: Result) -> str:
    parts = [f"{result.entry.title}: {_LABELS[result.outcome]}"]
    if result.build:
        parts.append(f"newest build {result.build.version}")
    if result.image:
        parts.append(_image(result.image))
    if result.verification:
        parts.append(result.verification.replace("_", " "))
    if result.replaced:
        parts.append(f"replaces {result.replaced.id} {_quoted(result.replaced)}")
    return "; ".join(parts) + (f". {result.reason}" if result.reason else "")


def summary(results: Sequence[Result]) -> str:
    counts = Counter(result.outcome for result in results)
    found = [f"{counts[outcome]} {label}" for outcome, label in _LABELS.items() if counts[outcome]]
    return ", ".join(found) + "." if found else "Nothing was selected."


def as_json(results: Sequence[Result], problems: Sequence[Any], is_dry_run: bool) -> dict[str, Any]:
    return {
        "images": [_entry(result) for result in results],
        "problems": [str(problem) for problem in problems],
        "dry_run": is_dry_run,
    }


def _entry(result: Result) -> dict[str, Any]:
    build, image = result.build, result.image
    return {
        "name": result.entry.name,
        "architecture": result.entry.architecture,
        "outcome": result.outcome,
        "reason": result.reason or None,
        "build": build
        and {
            "version": build.version,
            "url": build.url,
            "checksum": str(build.checksum) if build.checksum else None,
            "build_date": build.build_date or None,
        },
        "image": image
        and {
            "id": image.id,
            "name": image.name,
            "checksum": _checksum(image) or None,
            "build_date": comparison.build_day(image) or None,
            "visibility": image.visibility,
            "protected": image.protected,
        },
        "verification": result.verification or None,
        "replaces": result.replaced.id if result.replaced else None,
    }


def _image(image: Image) -> str:
    day = comparison.build_day(image)
    parts = [f"image {image.id} {_quoted(image)}"]
    return "; ".join([*parts, *([f"build of {day}"] if day else [])])


def _quoted(image: Image) -> str:
    return json.dumps(image.bare_name, ensure_ascii=False)


def _checksum(image: Image) -> str:
    """Glance's own checksum of the stored data."""
    found = stored_checksum(image, image.hash_algorithm or "") or stored_checksum(image, "md5")
    return str(found) if found else ""
