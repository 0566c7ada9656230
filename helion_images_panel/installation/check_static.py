# SPDX-License-Identifier: Apache-2.0
"""Checks of what `collectstatic` and `compress` have left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.template import TemplateDoesNotExist, TemplateSyntaxError, loader

from helion_images_panel.installation.finding import NOT_CHECKED, NOTE, OK, PROBLEM, Finding

_SOURCE = Path(__file__).resolve().parents[1] / "static"

#: The templates with what is compressed.
_COMPRESSED = (
    "base/_styles.html",
    "base/_scripts.html",
    "boot/_scripts.html",
    "catalogue/_scripts.html",
)

_COLLECT = "Run collectstatic and compress, then restart the web server."
_COMPRESS = "Run “compress --force”, then restart the web server."


def check() -> Iterator[Finding]:
    root = Path(settings.STATIC_ROOT)
    if settings.DEBUG:
        yield Finding(
            "static",
            NOTE,
            "With DEBUG, Horizon may serve static files without collectstatic. They were not "
            "compared.",
            "Set DEBUG = False on a dashboard that others use.",
        )
        return
    collected = [(path, root / path.relative_to(_SOURCE)) for path in _sources()]
    missing = [copy for _source, copy in collected if not copy.is_file()]
    if missing:
        yield Finding(
            "static-missing",
            PROBLEM,
            f"{len(missing)} of {len(collected)} static files of the panels are not in "
            f"{root}, such as {missing[0].relative_to(root)}. Pages are shown without styles, "
            "and buttons do nothing.",
            _COLLECT,
        )
        return
    old = [copy for source, copy in collected if source.read_bytes() != copy.read_bytes()]
    if old:
        yield Finding(
            "static-version",
            PROBLEM,
            f"{len(old)} of {len(collected)} static files in {root} are of another version, "
            f"such as {old[0].relative_to(root)}. Pages and scripts may not fit together.",
            _COLLECT,
        )
        return
    finding = _uncompressed(root, [copy for _source, copy in collected])
    yield finding or Finding("static", OK, "The static files of this version are in place.")


def _sources() -> list[Path]:
    return sorted(path for path in _SOURCE.rglob("*") if path.is_file())


def _uncompressed(root: Path, copies: Sequence[Path]) -> Finding | None:
    if not (settings.COMPRESS_ENABLED and settings.COMPRESS_OFFLINE):
        return None
    from compressor.exceptions import OfflineGenerationError

    context = {"STATIC_URL": settings.STATIC_URL, "WEBROOT": settings.WEBROOT}
    try:
        html = "".join(
            loader.get_template(f"helion_images_panel/{name}").render(context)
            for name in _COMPRESSED
        )
    except TemplateDoesNotExist:
        return Finding(
            "static-compressed",
            NOT_CHECKED,
            "The static files are collected. Horizon does not have the panels, and would not "
            "compress their files.",
            "Run “helion-images-panel enable”, then compress.",
        )
    except (OfflineGenerationError, TemplateSyntaxError):
        return Finding(
            "static-compressed",
            PROBLEM,
            "The scripts and styles of the panels are not compressed, and Horizon is set to use "
            "compressed ones only. Each page of the panels is a server error.",
            _COMPRESS,
        )
    manifest = root / settings.COMPRESS_OUTPUT_DIR / "manifest.json"
    outputs = [root / name for name in _names(html)]
    lost = [path for path in outputs if not path.is_file()]
    if lost:
        return Finding(
            "static-compressed",
            PROBLEM,
            f"The compressed file {lost[0]} is missing. Pages are shown without styles, or "
            "buttons do nothing.",
            _COMPRESS,
        )
    newest = max(path.stat().st_mtime for path in copies)
    if manifest.is_file() and manifest.stat().st_mtime < newest:
        return Finding(
            "static-compressed",
            PROBLEM,
            "The static files were collected after they were compressed: pages use the scripts "
            "and styles of before.",
            _COMPRESS,
        )
    return None


def _names(html: str) -> list[str]:
    """Return the compressed files that a page names, relative to STATIC_ROOT."""
    folder = re.escape(f"{settings.STATIC_URL}{settings.COMPRESS_OUTPUT_DIR}/")
    found = re.findall(rf'(?:src|href)="{folder}([^"?]+)', html)
    return [f"{settings.COMPRESS_OUTPUT_DIR}/{name}" for name in found]
