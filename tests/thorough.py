# SPDX-License-Identifier: Apache-2.0
"""What is too long for CI, and tables of which CI tries a part: `tox -e thorough` has the rest."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from itertools import product
from typing import Any

import pytest

#: Left out in CI.
only_thorough = pytest.mark.thorough


def thinned(cells: Iterable[Any], *parts: Callable[[Any], Hashable]) -> list[Any]:
    """Parameters for all cells. CI gets as many of them as show each part once.

    :param parts: what of a cell is to be tried at least once, such as its row and its column
    """
    cells = list(cells)
    shown = [{(number, part(cell)) for number, part in enumerate(parts)} for cell in cells]
    seen: set[tuple[int, Hashable]] = set()
    chosen: set[int] = set()
    # First those that show most.
    for least in range(len(parts), 0, -1):
        for index, each in enumerate(shown):
            if len(each - seen) >= least:
                chosen.add(index)
                seen |= each
    return [
        pytest.param(
            *(cell if isinstance(cell, tuple) else (cell,)),
            marks=() if index in chosen else only_thorough,
        )
        for index, cell in enumerate(cells)
    ]


def crossed(rows: Iterable[Any], columns: Iterable[Any]) -> list[Any]:
    """Parameters for each row with each column. In CI each row and each column comes once."""
    return thinned(product(rows, columns), lambda cell: cell[0], lambda cell: cell[1])


def some(cells: Iterable[Any], *in_ci: Any) -> list[Any]:
    """Parameters for all cells. CI gets those that are named."""
    cells = list(cells)
    assert set(in_ci) <= set(cells)
    return [pytest.param(cell, marks=() if cell in in_ci else only_thorough) for cell in cells]
