# SPDX-License-Identifier: Apache-2.0
"""The first step of Create Image names the project of the new image."""

import re

from tests import factories
from tests.unit.permissions import path

BELONGS = "The image belongs to the project"


def first_step(browser, person, glance):
    browser.login_as(person)
    page = browser.get(path("project", "create")).content.decode()
    return re.split(r'name="tags"', page)[0]


def test_a_member_reads_whose_the_image_is(browser, glance):
    page = first_step(browser, factories.member(), glance)
    assert 'name="audience"' not in page
    assert BELONGS in page


def test_the_choice_of_visibility_names_it_already(browser, glance):
    page = first_step(browser, factories.cloud_admin(), glance)
    assert 'name="audience"' in page
    assert BELONGS not in page
