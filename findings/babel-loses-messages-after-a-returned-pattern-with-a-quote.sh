#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Babel 2.19.0: the extractor of JavaScript takes a pattern after `return` for a division, and
# with a quote in the pattern it loses the messages that follow.
#
# A slash after a name divides, and `return` is a name to Babel's lexer, as `typeof` is. The
# quote then opens a string that ends at the next quote of the file, and from there on the
# lexer takes texts for code and code for texts. Babel gives no warning; the message is only
# not there for translators. A pattern that is first given a name is read rightly, and so is
# one in parentheses.
#
# Seen:
#   return /["]/.test(t): nothing
#   return (/["]/).test(t): one, two
#   return quote.test(t), after const quote = /["]/: one, two
#   return typeof /["]/: nothing
#   return /[a]/.test(t): one, two
# Fails if any of these changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check babel==2.19.0

"$folder/venv/bin/python" - "$folder" <<'PYTHON' | tee "$folder/seen"
import pathlib
import sys

from babel.messages.extract import extract_from_file

source = pathlib.Path(sys.argv[1], "source.js")


def say(what, code):
    source.write_text(f'{code}\ngettext("one");\ngettext("two");\n', encoding="utf-8")
    found = [message for _line, message, *_ in extract_from_file("javascript", source)]
    print(f"{what}: {', '.join(found) or 'nothing'}")


for statement in ('return /["]/.test(t)', 'return (/["]/).test(t)'):
    say(statement, f"function f(t) {{ {statement}; }}")
say(
    'return quote.test(t), after const quote = /["]/',
    'const quote = /["]/;\nfunction f(t) { return quote.test(t); }',
)
for statement in ('return typeof /["]/', "return /[a]/.test(t)"):
    say(statement, f"function f(t) {{ {statement}; }}")
PYTHON

sed -n 's/^#   //p' "$0" | diff - "$folder/seen" || { echo "it has changed"; exit 1; }
