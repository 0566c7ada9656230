# SPDX-License-Identifier: Apache-2.0
"""The catalogues of messages have what the code has."""

from __future__ import annotations

import re

import pytest

from build_catalogues import compile_catalogues
from tests import translations

COMMAND = "Run `tox -e i18n`, then translate what is new."


def keys(catalogue: translations.Catalog) -> set[object]:
    return {translations.key(message) for message in translations.messages(catalogue)}


@pytest.mark.parametrize("domain", translations.DOMAINS)
def test_the_template_has_the_messages_of_the_code(domain):
    # Horizon 25.7 and older have no extractor of their own for templates.
    pytest.importorskip("horizon.utils.babel_extract_django")
    extracted = keys(translations.extracted(domain))
    written = keys(translations.read(translations.template_file(domain)))
    assert len(extracted) > 200
    assert written == extracted, COMMAND


CALL = re.compile(r"\bn?gettext\(\s*'((?:[^'\\]|\\.)*)'(?:\s*,\s*'((?:[^'\\]|\\.)*)')?", re.DOTALL)


def test_no_message_of_a_script_is_left_out():
    """Babel takes a pattern after `return` for a division, and a quote in it for a text's end."""
    template = translations.read(translations.template_file("djangojs"))
    known = set()
    for message in translations.messages(template):
        known |= set(message.id) if message.pluralizable else {message.id}
    scripts = list((translations.REPOSITORY / translations.PACKAGE / "static").rglob("*.js"))
    found = {
        text.replace("\\'", "'")
        for script in scripts
        for call in CALL.finditer(script.read_text())
        for text in call.groups()
        if text is not None
    }
    assert len(found) > 200
    assert found <= known


@pytest.mark.parametrize(("language", "domain"), translations.EACH)
def test_a_catalogue_has_the_messages_of_its_template(language, domain):
    catalogue = translations.read(translations.catalogue_file(language, domain), language)
    assert keys(catalogue) == keys(translations.read(translations.template_file(domain))), COMMAND
    assert catalogue.plural_forms == translations.PLURAL_FORMS[language]
    assert not catalogue.obsolete


def test_each_catalogue_is_of_a_known_language():
    folders = {path.name for path in translations.LOCALE.iterdir() if path.is_dir()}
    assert folders == set(translations.PLURAL_FORMS)


def test_a_catalogue_is_compiled_when_it_has_changed(tmp_path):
    source = tmp_path / "locale" / "de" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    text = (
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\nmsgid "Name"\nmsgstr "{}"\n'
    )
    source.write_text(text.format("Erster"))
    compile_catalogues(tmp_path / "locale")
    compiled = source.with_suffix(".mo")
    before = compiled.stat()
    compile_catalogues(tmp_path / "locale")
    assert compiled.stat() == before
    source.write_text(text.format("Zweiter"))
    compile_catalogues(tmp_path / "locale")
    assert b"Zweiter" in compiled.read_bytes()
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"django.po", "django.mo"}
