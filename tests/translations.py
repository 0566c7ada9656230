# SPDX-License-Identifier: Apache-2.0
"""The catalogues of messages, from the code: `python -m tests.translations`.

It writes the templates django.pot and djangojs.pot, and brings the catalogues of all
languages along. A message that Horizon has too gets Horizon's translation. With the name
of a language it lists what is missing or wrong in its catalogues: `tox -e i18n -- de`.
"""

from __future__ import annotations

import contextlib
import gettext
import importlib.util
import io
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po, write_po

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = "helion_images_panel"
LOCALE = REPOSITORY / PACKAGE / "locale"
HORIZON = ("openstack_dashboard", "horizon")
DOMAINS = ("django", "djangojs")

#: As in Horizon's catalogues: the scripts of a page have one rule for the catalogues of all
#: plugins, and a message with fewer forms than the rule has would be shown as nothing.
PLURAL_FORMS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 "
    ": n%100>=11 && n%100<=99 ? 4 : 5;",
    "de": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "ja": "nplurals=1; plural=0;",
}

#: The language and the domain of each catalogue.
EACH = [(language, domain) for language in PLURAL_FORMS for domain in DOMAINS]

#: Beside Babel's own. `_eager` stands for gettext where `_` is gettext_lazy.
KEYWORDS = ("_eager", "gettext_lazy", "ngettext_lazy:1,2", "pgettext_lazy:1c,2", "gettext_noop")

#: They would be another in each run, or name a person.
LEFT_OUT = (
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Report-Msgid-Bugs-To",
    "Generated-By",
)


#: Placeholders of numbers that decide about the plural form.
NUMBERS = ("count", "counter", "limit", "total")

PLACEHOLDER = re.compile(r"%\(\w+\)s")
MARKUP = re.compile(r"</?[a-z][^>]*>|&\w+;")

#: By language, messages that are translated otherwise than in Horizon, with the reason.
#: They change the words of Horizon's own pages too.
BETTER: dict[str, dict[str, str]] = {
    "es": {"Raw": "Horizon's word is that for the row of a table."},
}


def template_file(domain: str) -> Path:
    return LOCALE / f"{domain}.pot"


def catalogue_file(language: str, domain: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{domain}.po"


def read(file: Path, language: str | None = None) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream, locale=language)


def messages(catalogue: Catalog) -> Iterator[Message]:
    """All but the header."""
    return (message for message in catalogue if message.id)


def key(message: Message) -> tuple[str | None, str | tuple[str, ...]]:
    """What gettext looks a message up by, with its plural."""
    return message.context, message.id


def extracted(domain: str) -> Catalog:
    """The messages of the code, by Horizon's set-up of Babel."""
    options = [option for keyword in KEYWORDS for option in ("-k", keyword)]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "extracted.pot")
        command = ["pybabel", "-q", "extract", "-F", str(REPOSITORY / f"babel-{domain}.cfg")]
        command += [*options, "-c", "Translators:", "--add-location", "file", "--width", "0"]
        command += ["--input-dirs", PACKAGE, "-o", str(target)]
        # The comments name the files from here.
        with contextlib.chdir(REPOSITORY):
            CommandLineInterface().run(command)
        return read(target)


def of_horizon(language: str, domain: str) -> dict[object, set[str | tuple[str, ...]]]:
    """Horizon's translations, by `key`: in each of its two catalogues."""
    found: dict[object, set[str | tuple[str, ...]]] = {}
    for package in HORIZON:
        spec = importlib.util.find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        name = f"locale/{language}/LC_MESSAGES/{domain}.po"
        file = Path(spec.origin).parent / name
        if file.exists():
            for message in messages(read(file, language)):
                if message.string and all(message.string) and not message.fuzzy:
                    found.setdefault(key(message), set()).add(stripped(message))
    return found


def stripped(message: Message) -> str | tuple[str, ...]:
    """The translation, with blanks at its ends only where the message has them."""
    if isinstance(message.string, tuple):
        return tuple(form.strip() for form in message.string)
    if str(message.id) != str(message.id).strip():
        return message.string
    return message.string.strip()


def updated(language: str, domain: str) -> Catalog:
    file = catalogue_file(language, domain)
    if file.exists():
        catalogue = read(file, language)
    else:
        header = f'msgid ""\nmsgstr ""\n"Plural-Forms: {PLURAL_FORMS[language]}\\n"\n'
        catalogue = read_po(io.BytesIO(header.encode()), locale=language)
    # Read for each language anew: the catalogue takes over its messages.
    catalogue.update(read(template_file(domain)))
    known = of_horizon(language, domain)
    for message in messages(catalogue):
        if not message.string or not any(message.string):
            message.string = min(known.get(key(message), {message.string}))
    return catalogue


def write(catalogue: Catalog, file: Path) -> None:
    catalogue.header_comment = "# SPDX-License-Identifier: Apache-2.0"
    catalogue.project, catalogue.version = "helion-images-panel", ""
    catalogue.fuzzy = False
    stream = io.BytesIO()
    write_po(stream, catalogue, width=0, ignore_obsolete=True, include_lineno=False)
    left_out = tuple(f'"{name}:' for name in LEFT_OUT)
    text = stream.getvalue().decode().replace("helion-images-panel \\n", "helion-images-panel\\n")
    lines = text.splitlines(keepends=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(line for line in lines if not line.startswith(left_out)))


def faults(language: str, domain: str) -> list[str]:
    """Everything that is missing or wrong in a catalogue, a line each."""
    catalogue = read(catalogue_file(language, domain), language)
    known = of_horizon(language, domain)
    found = []
    for message in messages(catalogue):
        for fault in _faults(message, catalogue, known.get(key(message), set())):
            found.append(f"{language} {domain}: {fault}: {message.id!r} -> {message.string!r}")
    return found


def _faults(
    message: Message, catalogue: Catalog, of_horizon: set[str | tuple[str, ...]]
) -> Iterator[str]:
    forms = message.string if isinstance(message.string, tuple) else (message.string or "",)
    if not all(forms):
        yield "untranslated"
        return
    if message.fuzzy:
        yield "marked as fuzzy"
    if message.pluralizable and len(forms) != catalogue.num_plurals:
        yield f"{len(forms)} plural forms instead of {catalogue.num_plurals}"
        return
    originals = message.id if isinstance(message.id, tuple) else (message.id,)
    for index, form in enumerate(forms):
        if set(PLACEHOLDER.findall(form)) not in _placeholders(originals, catalogue, index):
            yield "other placeholders"
        if re.search(r"%(?!\(\w+\)s)", PLACEHOLDER.sub("", form)) and message.python_format:
            yield "a percent sign that is not of a placeholder"
        if sorted(MARKUP.findall(form)) != sorted(MARKUP.findall(originals[-1])):
            yield "other markup"
        if form.strip() != form and originals[-1].strip() == originals[-1]:
            yield "blanks at an end"
    better = BETTER.get(str(catalogue.locale), {})
    if of_horizon and message.string not in of_horizon and originals[0] not in better:
        yield f"not as in Horizon ({', '.join(map(repr, of_horizon))})"


def _placeholders(originals: tuple[str, ...], catalogue: Catalog, index: int) -> list[set[str]]:
    """The sets of placeholders that a form may have.

    A form of one or two numbers may do without the number: "an image", "both images".
    """
    names = set(PLACEHOLDER.findall(originals[-1]))
    if len(originals) == 1:
        return [names]
    rule = gettext.c2py(catalogue.plural_expr)
    numbers = [number for number in range(1, 100) if rule(number) == index]
    if len(numbers) > 2:
        return [names]
    return [names, *(names - {f"%({name})s"} for name in NUMBERS)]


def main() -> None:
    for language in sys.argv[1:]:
        print("\n".join(line for domain in DOMAINS for line in faults(language, domain)))
    if sys.argv[1:]:
        return
    for domain in DOMAINS:
        write(extracted(domain), template_file(domain))
        for language in PLURAL_FORMS:
            write(updated(language, domain), catalogue_file(language, domain))


if __name__ == "__main__":
    main()
