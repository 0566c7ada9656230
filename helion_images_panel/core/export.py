# SPDX-License-Identifier: Apache-2.0
"""Images as rows of a spreadsheet, and as JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from helion_images_panel.core.image import Image

#: What begins a formula in a spreadsheet, also where it splits a row at other characters
#: than commas, as those of many languages do.
_FORMULA = re.compile(r'(^|[;\t\r\n])([\s"]*)(?=[=+\-@＝＋－＠])')

#: Spreadsheets take text in UTF-8 for another encoding without it.
BYTE_ORDER_MARK = "\ufeff"


def attributes(image: Image, owner_name: str) -> dict[str, Any]:
    """Return what is exported of an image, by Glance's names; sizes are in Glance's units."""
    return {
        "id": image.id,
        "name": image.name,
        "owner": image.owner,
        "owner_name": owner_name or None,
        "status": image.status,
        "visibility": image.visibility,
        "protected": image.protected,
        "os_hidden": image.os_hidden,
        "disk_format": image.disk_format,
        "container_format": image.container_format,
        "size": image.size_bytes,
        "virtual_size": image.virtual_size_bytes,
        "min_disk": image.min_disk_gib,
        "min_ram": image.min_ram_mib,
        "created_at": image.created_at,
        "updated_at": image.updated_at,
        "checksum": image.checksum,
        "os_hash_algo": image.hash_algorithm,
        "os_hash_value": image.hash_value,
        "stores": list(image.stores),
        "tags": list(image.tags),
        "properties": dict(image.properties),
    }


def harmless(text: str) -> str:
    """Return the text with an apostrophe before each formula that a spreadsheet would run."""
    return _FORMULA.sub(r"\1\2'", text)


def csv_lines(images: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the lines of a CSV file of `attributes`, the names of the columns first.

    Lists are joined by commas, properties are JSON. Every value stands in quotes.
    """
    yield BYTE_ORDER_MARK + _line(attributes(Image(""), ""))
    for image in images:
        yield _line(_cell(value) for value in image.values())


def csv_note(text: str) -> str:
    """Return a last line that says something of the whole file."""
    return _line([text])


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow(cells)
    return line.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return harmless(", ".join(value))
    if isinstance(value, dict):
        return harmless(json.dumps(value, ensure_ascii=False)) if value else ""
    return harmless(str(value))


def json_lines(images: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the lines of a JSON document `{"images": [...]}`, an image in each."""
    yield '{"images": ['
    separator = "\n"
    for image in images:
        yield separator + json.dumps(image, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


def json_note(text: str) -> str:
    """Return an end for the document that says that it is incomplete, and why."""
    return '\n], "error": ' + json.dumps(text, ensure_ascii=False) + "}\n"
