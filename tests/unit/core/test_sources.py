# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source


@pytest.mark.parametrize(
    ("source", "query", "expected"),
    [
        (Source(), ImageQuery(), {}),
        (Source(), ImageQuery(name="a", status="active"), {"status": "eq:active"}),
        (Source("p1", "all"), ImageQuery(), {"owner": "p1", "visibility": "all"}),
        # "all" is narrowed, and never widens what was asked.
        (
            Source("p1", "all"),
            ImageQuery(visibility="shared"),
            {"owner": "p1", "visibility": "shared"},
        ),
        (
            Source("p1", "all"),
            ImageQuery(owner="p1"),
            {"owner": "p1", "visibility": "all"},
        ),
        (
            Source(visibility="public"),
            ImageQuery(owner="p2"),
            {"owner": "p2", "visibility": "public"},
        ),
        (Source(), ImageQuery(owner="p2"), {"owner": "p2"}),
    ],
)
def test_parameters(source, query, expected):
    assert source.parameters(query) == expected


@pytest.mark.parametrize(
    ("source", "query"),
    [
        (Source("p1", "all"), ImageQuery(owner="p2")),
        (Source("p1"), ImageQuery(owner="p2", visibility="shared")),
        (Source(visibility="public"), ImageQuery(visibility="private")),
    ],
)
def test_a_source_never_answers_for_what_it_is_not(source, query):
    assert source.parameters(query) is None
