# SPDX-License-Identifier: Apache-2.0
"""A pseudo-language: each message is itself, in brackets that no other text has.

A text without them cannot be translated, unless it is data. The messages of Horizon and Django
have brackets too, so that no list of their words is needed.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Collection, Iterable
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests import translations

#: One that Horizon offers.
LANGUAGE = "eo"

OPEN, CLOSE = "⟦", "⟧"

#: What begins so is a name or a text that a test has given to an image or a file.
MARK = "zz"

#: The rest of the data: IDs, checksums, names and values of properties.
DATA = re.compile(
    rf"{MARK}[\w.]*|\b[0-9a-f]{{8}}[0-9a-f-]{{24,}}|a{{20,}}|\b(hw|os)_\w+|\bimage_type\b|\bsnapshot\b"
)

#: Words that are the same in all languages.
NAMES = {
    # Formats, containers, units, kinds of files, checksums.
    *("AKI", "AMI", "ARI", "ISO", "OVA", "PLOOP", "QCOW", "VDI", "VHD", "VHDX", "VMDK", "bare"),
    *("KiB", "MiB", "GiB", "CSV", "JSON", "SHA", "MD"),
    # The name of a property at Glance.
    "description",
}

#: Examples of what may be entered: properties and their values have no other names.
EXAMPLES = {"ubuntu", "hw_disk_bus=virtio", "https://example.com/image.qcow2"}

#: Attributes that users read or hear, of the panel and of Horizon's scripts.
ATTRIBUTES = (
    *("title", "placeholder", "aria-label", "alt", "label", "help_text"),
    *("data-hip-copyable", "data-loading-text", "data-original-title"),
)

#: Whose messages a page has beside the panel's.
OTHERS = (
    *(("openstack_dashboard", "de"), ("horizon", "de"), ("openstack_auth", "de")),
    *(("django.conf", "en"), ("django.contrib.humanize", "en")),
)


def wrapped(text: str) -> str:
    return f"{OPEN}{text}{CLOSE}"


def write(locale: Path) -> None:
    """Write the catalogues of the pseudo-language into a folder, for LOCALE_PATHS."""
    for domain in translations.DOMAINS:
        catalogue = Catalog(locale=LANGUAGE, fuzzy=False)
        for template in _templates(domain):
            for message in template:
                if isinstance(message.id, tuple):
                    string: str | tuple[str, ...] = tuple(map(wrapped, message.id))
                elif message.id == "yes,no,maybe":
                    # Django takes one of the three.
                    string = ",".join(map(wrapped, message.id.split(",")))
                else:
                    string = wrapped(message.id)
                if message.id:
                    catalogue.add(message.id, string, context=message.context)
        target = locale / LANGUAGE / "LC_MESSAGES" / f"{domain}.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            write_mo(file, catalogue)


def _templates(domain: str) -> Iterable[Catalog]:
    """Of the others first: a message of both is the panel's."""
    for package, language in OTHERS:
        spec = importlib.util.find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        file = Path(spec.origin).parent / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
        if file.exists():
            with file.open("rb") as stream:
                yield read_po(stream, locale=language)
    yield translations.read(translations.template_file(domain))


def outside(text: str) -> str:
    """What of a text is in no brackets; one message may be a part of another."""
    depth, kept = 0, []
    for part in re.split(f"([{OPEN}{CLOSE}])", text):
        if part == OPEN:
            depth += 1
        elif part == CLOSE:
            depth = max(0, depth - 1)
            kept.append(" ")
        elif depth == 0:
            kept.append(part)
    return "".join(kept)


def forgotten(text: str, names: Collection[str] = ()) -> list[str]:
    """Words that are neither in brackets, nor names, nor data of the tests."""
    return [
        word
        for word in re.findall(r"[^\W\d_]{2,}", DATA.sub(" ", outside(text)))
        if word not in NAMES and word not in names
    ]
