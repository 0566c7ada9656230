# SPDX-License-Identifier: Apache-2.0
"""The list of places that are tested for accessibility has each page of the code."""

from helion_images_panel.ui.scopes.admin_scope import ADMIN
from helion_images_panel.ui.scopes.scope import PROJECT
from helion_images_panel.ui.urls import image_urls, index_urls
from tests.places import PLACES, WITHOUT_A_PAGE


def test_each_page_has_a_place():
    names = {
        pattern.name
        for scope in (PROJECT, ADMIN)
        for pattern in [*index_urls(scope), *image_urls(scope)]
    }
    shown = {name for urls in PLACES.values() for name in urls}
    assert names == shown | WITHOUT_A_PAGE
    assert not shown & WITHOUT_A_PAGE
