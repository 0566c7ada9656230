# SPDX-License-Identifier: Apache-2.0
"""Add Official Image as a version of a family of the project."""

import html
import re

import pytest

from helion_images_panel.core.family import FORMER, LATEST, NEW, Family, family_record
from helion_images_panel.core.image import Image
from tests import factories
from tests.unit import fakes
from tests.unit.ui.catalogue.test_add import META, URL, catalogue, errors, fields, opened, post
from tests.unit.ui.versions.test_views import add

__all__ = ["catalogue"]  # a fixture

VALUES = {"name": "Ubuntu (old)", "version": "old", "tags": ["lts"], "protected": True}


def offered(text):
    """The families to choose from, and the chosen one."""
    select = re.search(r'(?s)<select[^>]*name="family".*?</select>', text)
    found = re.findall(r'<option value="([^"]*)"( selected)?>', select[0]) if select else []
    return [value for value, _ in found], next((value for value, is_ in found if is_), None)


def shown(text):
    """What a browser would send of the dialog as it is."""
    name = re.search(r'<input[^>]*name="name"[^>]*value="([^"]*)"', text) or re.search(
        r'<input[^>]*value="([^"]*)"[^>]*name="name"', text
    )
    tags = re.search(r'(?s)<textarea[^>]*name="tags"[^>]*>\s*(.*?)</textarea>', text)[1]
    family = re.search(r'name="family_shown" value="([^"]*)"', text)[1]
    protected = re.search(r'<input[^>]*name="protected"[^>]*>', text)[0]
    return {
        **fields(text),
        "name": html.unescape(name[1]),
        "tags": html.unescape(tags),
        "family_shown": family,
        "family": offered(text)[1],
        **({"protected": "on"} if "checked" in protected else {}),
    }


def created(glance):
    (creation, _import) = glance.writes
    return Image.from_glance(glance.images[creation.body["id"]])


@pytest.mark.parametrize("family", [{"family": "ubuntu-24.04-x86_64"}, META])
def test_the_only_family_that_fits_is_chosen(browser, glance, family):
    latest = add(glance, LATEST, **VALUES, **family)
    add(glance, LATEST, family="debian", os_distro="debian")
    add(glance, FORMER, family="ubuntu-24.04-x86_64")
    add(glance, LATEST, family="ubuntu-24.04-x86_64", owner=factories.SIBLING, visibility="public")
    text = opened(browser)
    assert offered(text) == (["none", latest["id"]], latest["id"])
    given = shown(text)
    assert (given["name"], given["protected"]) == ("Ubuntu (2026-01-08)", "on")
    assert post(browser, given).status_code == 201
    image = created(glance)
    name = family.get("family", "ubuntu")
    assert family_record(image) == Family(name, "2026-01-08", NEW)
    assert (image.name, set(image.tags), image.protected) == (
        "Ubuntu (2026-01-08)",
        {"official", "lts"},
        True,
    )


def test_the_response_has_the_next_step(browser, glance):
    add(glance, LATEST, **META)
    steps = post(browser, shown(opened(browser))).json()
    assert steps["make_latest_url"].endswith(f"{steps['id']}/make_latest/")


def test_a_version_is_private_whatever_is_chosen(browser, glance):
    add(glance, LATEST, owner=factories.cloud_admin().project_id, **META)
    text = opened(browser, factories.cloud_admin())
    assert 'data-family-none="Visibility"' in text
    assert post(browser, {**shown(text), "audience": "cloud"}).status_code == 201
    assert created(glance).visibility == "private"


def test_of_several_families_none_is_chosen(browser, glance):
    first, second = add(glance, LATEST, **META), add(glance, LATEST, family="ubuntu-24.04-x86_64")
    text = opened(browser)
    assert offered(text)[1] == "none"
    assert set(offered(text)[0]) == {"none", first["id"], second["id"]}
    assert post(browser, shown(text)).status_code == 201
    assert family_record(created(glance)) is None
    assert created(glance).name == "Ubuntu 24.04"


def test_the_values_of_another_choice_are_shown_first(browser, glance):
    latest = add(glance, LATEST, **VALUES, **META)
    given = {**shown(opened(browser)), "family": "none", "tags": "mine"}
    response = post(browser, given)
    assert errors(response) == ["The values are those of another choice now. Check them again."]
    assert glance.writes == []
    again = shown(response.content.decode())
    # What the user has changed stays.
    assert (again["name"], again["tags"], again["family"]) == ("Ubuntu 24.04", "mine", "none")
    assert "protected" not in again
    back = shown(post(browser, {**again, "family": latest["id"]}).content.decode())
    assert (back["name"], back["protected"]) == ("Ubuntu (2026-01-08)", "on")
    assert post(browser, again).status_code == 201
    assert family_record(created(glance)) is None


def test_without_a_family_there_is_no_choice(browser, glance):
    add(glance, NEW, **META)
    text = opened(browser)
    assert 'name="family' not in text
    assert post(browser, {**fields(text), "family": "x", "family_shown": "y"}).status_code == 201
    assert family_record(created(glance)) is None


@pytest.mark.parametrize("forged", ["x", "foreign", "other"])
def test_another_family_is_refused(browser, glance, forged):
    add(glance, LATEST, **META)
    foreign = add(glance, LATEST, owner=factories.FOREIGN, visibility="public", **META)
    other = add(glance, LATEST, family="debian")
    value = {"foreign": foreign["id"], "other": other["id"]}.get(forged, forged)
    given = {**shown(opened(browser)), "family": value, "family_shown": value}
    response = post(browser, given)
    assert response.status_code == 200
    assert "is not one of the available choices" in response.content.decode()
    assert glance.writes == []


def test_a_list_that_fails_costs_the_choice_alone(browser, glance):
    add(glance, LATEST, **META)
    glance.failing["GET /v2/images"] = fakes.refusal(503, "No.")
    text = opened(browser)
    assert 'name="family' not in text
    assert browser.get(URL).status_code == 200
