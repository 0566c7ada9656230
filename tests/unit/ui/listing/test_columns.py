# SPDX-License-Identifier: Apache-2.0
"""Cells of the list."""

from __future__ import annotations

import re

import pytest

from helion_images_panel.ui.base import labels
from helion_images_panel.ui.listing import columns
from tests import factories


@pytest.mark.parametrize("status", labels.STATUS_LABELS)
def test_each_status_has_an_icon_and_a_word(status):
    cell = str(columns.status_cell(factories.image(status=status)))
    (icon,) = re.findall(r'<span class="hip-status-icon ([^"]*)" aria-hidden="true"></span>', cell)
    assert "circle-question" not in icon
    assert str(labels.STATUS_LABELS[status]) in re.sub(r"<[^>]*>", "", cell)


def test_a_status_that_this_release_does_not_know():
    cell = str(columns.status_cell(factories.image(status="<b>galactic</b>")))
    assert "&lt;b&gt;galactic" in cell
    assert "fa-circle-question" in cell


def test_an_accepted_import_is_in_progress_to_the_eye_too():
    image = factories.image(status="queued", os_glance_import_task="a-task")
    assert "fa-spinner" in columns.status_cell(image)
    assert "fa-hourglass" in columns.status_cell(factories.image(status="queued"))


def test_the_age_has_its_time_beside_it():
    cell = str(columns.updated_cell(factories.image(updated_at="2026-11-02T03:44:00Z")))
    assert '<time datetime="2026-11-02T03:44:00Z" title="11/02/2026 3:44 a.m.">' in cell
    assert '<span class="sr-only"> (11/02/2026 3:44 a.m.)</span>' in cell


@pytest.mark.parametrize("time", [None, "", "yesterday", '"><script>'])
def test_no_time(time):
    assert columns.updated_cell(factories.image(updated_at=time)) == ""
