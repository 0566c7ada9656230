# SPDX-License-Identifier: Apache-2.0
"""Set End Rule: the rule of a family, set without another version becoming the latest."""

from __future__ import annotations

import re

import pytest

from helion_images_panel import policy
from helion_images_panel.core import family
from helion_images_panel.core.end_dates import end_dates_of
from helion_images_panel.core.family import FORMER, LATEST, NEW, family_record
from helion_images_panel.core.version_swap import Journal, record_with
from helion_images_panel.publishing import held_image
from tests import factories
from tests.unit.permissions import CHANGING, FINE, MISSING, PermissionMatrix, path
from tests.unit.ui.versions.test_ends import RULES, shown
from tests.unit.ui.versions.test_tab import tab
from tests.unit.ui.versions.test_tab import text_of as text_of_html
from tests.unit.ui.versions.test_views import PEOPLE, add, current, replaced, text_of

DAYS = {"deprecate_in": "0", "deactivate_in": "30", "delete_in": "90"}


class TestAnImageWithoutAFamilyHasNoRule(PermissionMatrix):
    page = "end_rule"
    expected = replaced(CHANGING, FINE, MISSING)


@pytest.mark.parametrize("panel", ["project", "admin"])
@pytest.mark.parametrize("person", PEOPLE)
def test_who_may_set_it(browser, glance, panel, person):
    """Those who may make a version the latest: see `test_views`."""
    latest = add(glance, LATEST)
    browser.login_as(factories.PEOPLE[person]())
    expected = CHANGING[panel][person]
    url = path(panel, "end_rule", latest["id"])
    opened, posted = browser.get(url), browser.post(url, DAYS)
    if expected == "login":
        assert (opened.status_code, posted.status_code) == (302, 302)
    else:
        assert opened.status_code == expected
        assert posted.status_code == (302 if expected == FINE else expected)
    is_done = expected == FINE
    assert family_record(current(glance, latest)).ends == ("0,30,90" if is_done else "")
    assert bool(glance.writes) is is_done


@pytest.fixture
def latest(browser, glance):
    browser.login_as(factories.member())
    return add(glance, LATEST, name="Ubuntu")


@pytest.fixture
def url(latest):
    return path("project", "end_rule", latest["id"])


def test_it_is_set_changed_and_removed(browser, glance, latest, url):
    former, new = add(glance, FORMER), add(glance, NEW)
    assert shown(browser, url) == dict.fromkeys(RULES, "")
    response = browser.post(url, DAYS, follow=True)
    rule = "It is deprecated at once. It is obsolete after 30 days. It is deleted after 90 days."
    assert f"Rule for the previous version of ubuntu: {rule}" in text_of(response)
    assert family_record(current(glance, latest)).ends == "0,30,90"
    assert shown(browser, url) == DAYS
    changed = {"deprecate_in": "7", "deactivate_in": "", "delete_in": ""}
    response = browser.post(url, {**changed, "seen": "0,30,90"}, follow=True)
    assert "ubuntu: It is deprecated after 7 days." in text_of(response)
    # The next change of the latest version offers it.
    assert shown(browser, path("project", "make_latest", new["id"])) == changed
    response = browser.post(url, {**changed, "seen": "7,-,-"}, follow=True)
    assert "The end rule of ubuntu was not changed." in text_of(response)
    response = browser.post(url, {"seen": "7,-,-"}, follow=True)
    assert "The end rule of ubuntu was removed." in text_of(response)
    assert family_record(current(glance, latest)).ends == ""
    # It is a rule: nothing has become of any version.
    assert len(glance.writes) == 3
    for image in (latest, former, new):
        assert end_dates_of(current(glance, image)) is None
        assert current(glance, image).name == glance.images[image["id"]]["name"]


@pytest.mark.parametrize(
    ("earlier", "said"),
    [
        (0, "and then for each that follows it."),
        (1, "each that follows it; 1 earlier version keeps its end dates."),
        (3, "each that follows it; 3 earlier versions keep their end dates."),
    ],
)
def test_it_says_for_which_versions_it_is(browser, glance, url, earlier, said):
    for _number in range(earlier):
        add(glance, FORMER)
    add(glance, NEW)
    add(glance, FORMER, family="other")
    add(glance, FORMER, owner=factories.FOREIGN)
    text = text_of(browser.get(url))
    assert "The rule is for Ubuntu, once another version becomes the latest," in text
    assert said in text


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ({"deprecate_in": "9", "deactivate_in": "8"}, "These are fewer days than above."),
        ({"deprecate_in": "9", "delete_in": "8"}, "These are fewer days than above."),
        ({"deactivate_in": "0"}, "greater than or equal to 1"),
        ({"delete_in": "99999"}, "less than or equal to 3650"),
        ({"deprecate_in": "soon"}, "whole number"),
        ({"deprecate_in": "1", "seen": "2,-,-"}, "Another user has changed this rule"),
    ],
)
def test_wrong_days_are_refused(browser, glance, url, days, reason):
    response = browser.post(url, days)
    assert response.status_code == 200
    assert reason in text_of(response)
    assert glance.writes == []


@pytest.mark.parametrize("missing", ["deactivate_in", "delete_in"])
def test_days_that_the_user_may_not_set_stay(browser, glance, latest, url, monkeypatch, missing):
    browser.post(url, DAYS)
    allows = policy.allows
    monkeypatch.setattr(
        policy,
        "allows",
        lambda request, asked, *args: asked != RULES[missing] and allows(request, asked, *args),
    )
    html = browser.get(url).content.decode()
    (field,) = re.findall(rf'<input[^>]*name="{missing}"[^>]*>', html)
    assert "disabled" in field
    assert "Your roles do not allow you to set this day." in html
    browser.post(url, {"deprecate_in": "1", "seen": "0,30,90"})
    days = {**dict.fromkeys(RULES, "-"), "deprecate_in": "1", missing: DAYS[missing]}
    assert family_record(current(glance, latest)).ends == ",".join(days.values())


@pytest.mark.parametrize("role", [FORMER, NEW])
def test_only_the_latest_version_has_it(browser, glance, latest, role):
    url = path("project", "end_rule", add(glance, role)["id"])
    html = browser.get(url).content.decode()
    assert "Another version is the latest one" in html
    assert 'type="submit"' not in html.partition('id="end_rule_form"')[2].partition("</form>")[0]
    assert "Another version is the latest one" in text_of(browser.post(url, DAYS))
    assert glance.writes == []


def test_a_change_that_has_broken_off_comes_first(browser, glance, latest, url):
    """It has the rule that was there when it began, and would write that at its end."""
    new = add(glance, NEW)
    image, old = current(glance, new), current(glance, latest)
    journal = Journal.of(image, old, hides=False, published=False)
    glance.images[new["id"]].update(record_with(image, NEW, journal))
    assert "is not finished. Finish or undo it first" in text_of(browser.get(url))
    assert "is not finished. Finish or undo it first" in text_of(browser.post(url, DAYS))
    assert glance.writes == []


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        ("former", "Another version has become the latest one in the meantime."),
        ("rule", "Another user has changed this rule in the meantime."),
        ("left", "The image does not belong to this family any more."),
    ],
)
def test_what_has_changed_since_it_was_read(
    browser, glance, latest, url, monkeypatch, meanwhile, reason
):
    """Under the lock the version is read again."""
    records = {
        "former": family.Family("ubuntu", role=FORMER),
        "rule": family.Family("ubuntu", role=LATEST, ends="1,-,-"),
        "left": family.Family("debian", role=LATEST),
    }
    held = held_image.lock.held

    def changing(*args):
        owner = factories.PROJECT
        changed = family.family_property(latest["id"], owner, records[meanwhile])
        glance.images[latest["id"]].update(changed)
        return held(*args)

    monkeypatch.setattr(held_image.lock, "held", changing)
    response = browser.post(url, DAYS)
    assert f"The end rule was not changed. {reason}" in text_of(response)
    assert glance.writes == []


def test_what_setting_it_asks_of_glance(browser, glance, url):
    """The image and both lists of versions, all of them again under the lock, and the change."""
    glance.calls.clear()
    browser.post(url, DAYS)
    assert [call.method for call in glance.calls] == [*["GET"] * 6, "PATCH"]


def test_a_change_that_breaks_off_in_between_comes_first(browser, glance, latest, url, monkeypatch):
    new = add(glance, NEW)
    image, old = current(glance, new), current(glance, latest)
    journal = Journal.of(image, old, hides=False, published=False)
    held = held_image.lock.held

    def beginning(*args):
        glance.images[new["id"]].update(record_with(image, NEW, journal))
        return held(*args)

    monkeypatch.setattr(held_image.lock, "held", beginning)
    assert "is not finished. Finish or undo it first" in text_of(browser.post(url, DAYS))
    assert glance.writes == []


def test_the_tab_leads_to_it_from_each_version(browser, glance, latest, url):
    others = [add(glance, role) for role in (FORMER, NEW)]
    for image in (latest, *others):
        html = tab(browser, image)
        assert re.findall(r'href="([^"]*/end_rule/)"[^>]*>([^<]*)<', html) == [
            (url, "Set End Rule")
        ]
        assert "Earlier versions have no rule for their end." in text_of_html(html)
    browser.post(url, DAYS)
    html = tab(browser, others[0])
    assert re.findall(r'href="([^"]*/end_rule/)"[^>]*>([^<]*)<', html) == [(url, "Set End Rule")]
    assert "no rule for their end" not in html
    assert "end_rule" not in tab(browser, latest, "reader")


@pytest.mark.parametrize("panel", ["project", "admin"])
def test_it_leads_back_to_the_version_where_it_was_opened(browser, glance, latest, panel):
    """From nowhere, and from a page of another family, to the list."""
    browser.login_as(factories.PEOPLE["member" if panel == "project" else "domain_admin"]())
    former, other = add(glance, FORMER), add(glance, FORMER, family="other")
    url, index = path(panel, "end_rule", latest["id"]), path(panel, "index")
    for image, is_back in ((former, True), (latest, True), (other, False)):
        opened = f"{path(panel, 'detail', image['id'])}?tab=image_details__versions"
        headers = {"referer": f"http://testserver{opened}"}
        seen = family_record(current(glance, latest)).ends
        days = {"deprecate_in": str(len(seen)), "seen": seen}
        response = browser.post(url, days, headers=headers)
        assert response["Location"] == (opened if is_back else index)
    assert browser.post(url, {"seen": "x"}).status_code == 200


def test_a_family_without_a_latest_version_has_none(browser, glance):
    assert "end_rule" not in tab(browser, add(glance, NEW))
