# SPDX-License-Identifier: Apache-2.0
"""Horizon's style sheets, compiled again only where a source has changed.

Without compression Horizon compiles all of them for each page, which takes seconds.
"""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from compressor.conf import settings
from horizon.utils import scss_filter

from demo.horizon import plugin_folder

_one_at_a_time = threading.Lock()


def _no_theme() -> str:
    return ""


# Before 25.6 Horizon wrote the theme's name into what is compiled.
_theme = getattr(scss_filter, "theme", _no_theme)


class RememberedScss(scss_filter.ScssFilter):  # type: ignore[misc]
    """Compiles a style sheet of the plugin anew when one of its sources is another.

    Horizon's own are taken for unchanged while their first file is. The results
    are files, so that a new worker has them too.
    """

    def input(self, **kwargs: Any) -> str:
        kept = Path(settings.COMPRESS_ROOT, "compiled", f"{self._digest()}.css")
        with _one_at_a_time:
            if not kept.exists():
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_text(super().input(**kwargs))
        return kept.read_text()

    def _digest(self) -> str:
        digest = hashlib.sha256(f"{self.filename}\0{_theme()}\0{self.content}".encode())
        for source in self._sources():
            digest.update(f"{source}\0".encode() + source.read_bytes())
        return digest.hexdigest()

    def _sources(self) -> Iterator[Path]:
        plugin = plugin_folder()
        if plugin and self.filename and Path(self.filename).is_relative_to(plugin):
            yield from sorted(plugin.rglob("*.scss"))
