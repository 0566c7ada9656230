# SPDX-License-Identifier: Apache-2.0
"""The catalogue: the file that comes with the package, and those of the operator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from helion_images_panel import conf
from helion_images_panel.catalogue.entries import Entry
from helion_images_panel.catalogue.validation import Problem, entries_of

OFFICIAL_FILE = Path(__file__).parent / "official.yaml"

#: Stands for the file of the package in the setting.
OFFICIAL = "official"

#: Maximum size of a file.
MAX_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class Catalogue:
    """The entries in the order of the files, and the errors of these.

    An entry with an error is left out, so that the others can be used.
    """

    entries: Sequence[Entry]
    problems: Sequence[Problem]


#: The state of the files that were read last, and what was in them.
_last_read: tuple[object, Catalogue] | None = None


class _Loader(yaml.SafeLoader):
    """YAML's safe loader, which refuses a field that occurs twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _value in node.value if isinstance(key, yaml.ScalarNode)]
        twice = {name for name in names if names.count(name) > 1 and name != "<<"}
        if twice:
            message = f"the field “{min(twice)}” is there twice"
            raise yaml.constructor.ConstructorError(None, None, message, node.start_mark)
        return super().construct_mapping(node, deep)


def catalogue() -> Catalogue:
    """Read the files that the setting names. A later entry replaces one of the same name and
    architecture.
    """
    return read(conf.CATALOGUE.value)


def unchanged_catalogue() -> Catalogue:
    """Return the same; a process reads the files again once one of them has changed.

    Pages need it: to parse the package's own file takes a tenth of a second.
    """
    global _last_read
    state = tuple((file, _state(_path(file))) for file in conf.CATALOGUE.value)
    last = _last_read
    if last is None or last[0] != state:
        last = _last_read = state, catalogue()
    return last[1]


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _path(file: str) -> Path:
    return OFFICIAL_FILE if file == OFFICIAL else Path(file)


def read(files: Iterable[str]) -> Catalogue:
    entries: dict[tuple[str, str], Entry] = {}
    problems: list[Problem] = []
    for file in files:
        path = _path(file)
        document, error = _document(path)
        if error:
            problems.append(Problem(str(path), "", "", error))
            continue
        found, wrong = entries_of(document, str(path))
        entries |= {entry.key: entry for entry in found}
        problems += wrong
    return Catalogue([entry for entry in entries.values() if entry.is_enabled], problems)


def _document(path: Path) -> tuple[Any, str]:
    """Return the parsed file, or the reason why it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        return None, f"The file cannot be read: {error.strerror or error}"
    if len(content) > MAX_BYTES:
        return None, f"The file is larger than {MAX_BYTES // 1024**2} MiB"
    try:
        return _Loader(content).get_single_data(), ""
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" in line {mark.line + 1}" if mark else ""
        return None, f"The file is not valid YAML{place}: {error.problem or error.context}"
    except (yaml.YAMLError, UnicodeError):
        return None, "The file is not valid YAML: it has characters that YAML does not allow"
    except (ValueError, RecursionError):
        return None, "The file is not valid YAML: a value is malformed, or too deep"
