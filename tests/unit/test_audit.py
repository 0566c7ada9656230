# SPDX-License-Identifier: Apache-2.0
"""What `tox -e lint` says of known vulnerabilities."""

from tests.audit import report

CLEAN = {"name": "horizon", "version": "27.0.0", "vulns": []}
SKIPPED = {"name": "django", "skip_reason": "Dependency not found on PyPI"}
HIT = {
    "name": "requests",
    "version": "2.32.3",
    "vulns": [{"id": "PYSEC-2025-1", "fix_versions": ["2.32.4"]}],
}


def test_a_vulnerability_fails_with_the_release_that_mends_it() -> None:
    lines, found = report([CLEAN, HIT])
    assert found
    assert lines[0] == "requests 2.32.3: PYSEC-2025-1, mended in 2.32.4"


def test_what_was_not_looked_up_is_named() -> None:
    lines, found = report([CLEAN, SKIPPED])
    assert not found
    assert "1 packages looked up" in lines[-1]
    assert lines[-1].endswith("NOT looked up, in no database that was reached: django")


def test_all_looked_up() -> None:
    assert report([CLEAN]) == (["pip-audit: 1 packages looked up, 0 vulnerabilities."], False)
