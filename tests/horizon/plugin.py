# SPDX-License-Identifier: Apache-2.0
"""A plugin of pytest that compares Horizon's tests with the list of exceptions.

A test that is not in the list has to pass, and a test that is in it has to fail: otherwise the
run fails. A test in the list that no longer exists is an error too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pytest

from tests.horizon.exceptions import EXCEPTIONS, UNSTABLE


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    expect(config, items, EXCEPTIONS, UNSTABLE)


def expect(
    config: pytest.Config,
    items: list[pytest.Item],
    exceptions: Mapping[str, Sequence[str]],
    unstable: Mapping[str, Sequence[str]],
) -> None:
    """Mark the exceptions as failing, and leave out unstable tests and those with a browser."""
    names = {name_of(item) for item in items}
    if gone := _missing(names, (*_listed(exceptions), *_listed(unstable))):
        raise pytest.UsageError(f"Horizon does not have these tests: {', '.join(gone)}")
    reasons = {name: reason for reason, listed in exceptions.items() for name in listed}
    left_out = {*_listed(unstable)}
    dropped = [
        each for each in items if name_of(each) in left_out or each.get_closest_marker("selenium")
    ]
    items[:] = [each for each in items if each not in dropped]
    config.hook.pytest_deselected(items=dropped)
    for item in items:
        if reason := reasons.get(name_of(item)):
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))


def name_of(item: pytest.Item) -> str:
    """The dotted name, as Django's test runner has it."""
    parts = item.nodeid.split("::")[1:]
    module = item.getparent(pytest.Module)
    return ".".join((module.obj.__name__ if module else "", *parts))


def _listed(tests: Mapping[str, Iterable[str]]) -> list[str]:
    return [name for names in tests.values() for name in names]


def _missing(names: set[str], listed: Iterable[str]) -> list[str]:
    """Those of the list that should be among the tests: their classes are."""
    classes = {name.rpartition(".")[0] for name in names}
    modules = {name.rpartition(".")[0] for name in classes}
    return sorted(
        each
        for each in listed
        if each not in names and each.rpartition(".")[0].rpartition(".")[0] in modules
    )
