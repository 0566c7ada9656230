# SPDX-License-Identifier: Apache-2.0
"""Set End Dates: who may, what is refused, and what the pages say of dates."""

from datetime import UTC, datetime, timedelta

import pytest

from helion_images_panel import exceptions, policy
from helion_images_panel.core.end_dates import MARK, PROPERTY, end_dates_of
from helion_images_panel.core.image import Image
from tests import factories
from tests.unit.permissions import CHANGING, PermissionMatrix, path


class TestWhoMayOpenTheDialog(PermissionMatrix):
    page = "end_dates"
    expected = CHANGING


class TestWhoMaySearch(PermissionMatrix):
    page = "end_dates/replacements"
    expected = CHANGING


class TestWhoMaySetDates(PermissionMatrix):
    page = "end_dates"
    expected = {
        panel: {person: 302 if answer == 200 else answer for person, answer in answers.items()}
        for panel, answers in CHANGING.items()
    }

    def ask(self, browser, url):
        return browser.post(url, {"deprecate_on": "2030-01-01", "seen": ",,,,"})


def day(days):
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


@pytest.fixture
def dialog(browser, glance, keystone):
    class Dialog:
        def open(self, panel="project", person=None, **attributes):
            self.image = glance.add(**attributes)
            self.url = path(panel, "end_dates", self.image["id"])
            browser.login_as(person or factories.member())
            return self

        @property
        def html(self):
            return browser.get(self.url).content.decode()

        def send(self, *days, **fields):
            names = ("deprecate_on", "deactivate_on", "delete_on")
            dates = {name: day(each) for name, each in zip(names, days, strict=False) if each}
            return browser.post(self.url, {**dates, "seen": self.seen, **fields}, follow=True)

        seen = ",,,,"

        def refused(self, *days, **fields):
            response = self.send(*days, **fields)
            assert response.redirect_chain == []
            assert glance.writes == []
            return " ".join(response.content.decode().split())

        @property
        def dates(self):
            return end_dates_of(Image.from_glance(glance.images[self.image["id"]]))

    return Dialog()


def test_dates_are_set_and_said(dialog, glance):
    html = dialog.open(name="old").send(1, 2, 3).content.decode()
    assert [each.isoformat() for each in dialog.dates.days] == [day(1), day(2), day(3)]
    assert "This image will be deprecated on" in html
    assert "It will be deleted on" in html
    ((call,),) = [glance.writes]
    assert {each["path"] for each in call.body} == {f"/{PROPERTY}", f"/{MARK}"}


def test_protected_until_a_day(dialog, glance):
    html = dialog.open().send(protect_until=day(4)).content.decode()
    assert "It is protected until" in html
    assert glance.images[dialog.image["id"]]["protected"] is True


def test_nothing_is_sent_without_a_change(dialog, glance):
    dialog.open(**factories.dated(deprecated=5))
    dialog.seen = f"{day(5)},,,,"
    html = dialog.send(5).content.decode()
    assert "was not changed" in html
    assert glance.writes == []


def test_the_replacement_goes_with_the_last_day(dialog, glance):
    newer = glance.add(name="newer")
    dialog.open(**factories.dated(deprecated=5, replacement=newer["id"]))
    dialog.seen = f"{day(5)},,,,{newer['id']}"
    html = dialog.send(replacement="newer", replacement_id=newer["id"]).content.decode()
    assert "The dates were removed." in html
    assert PROPERTY not in glance.images[dialog.image["id"]]


def test_all_dates_are_removed(dialog, glance):
    dialog.open(**factories.dated(deprecated=5, obsolete=6))
    dialog.seen = f"{day(5)},{day(6)},,,"
    assert "The dates were removed." in dialog.send().content.decode()
    assert not {PROPERTY, MARK} & glance.images[dialog.image["id"]].keys()


@pytest.mark.parametrize(
    ("days", "fields", "message"),
    [
        ((3, 2), {}, "This day is before the one above."),
        ((3, None, 2), {}, "This day is before the one above."),
        ((None, None, -1), {}, "Enter a day after today."),
        ((), {"protect_until": "2026-01-01"}, "Enter a day after today."),
        ((), {"deprecate_on": "soon"}, "Enter a valid date."),
        ((), {"replacement": "cirros"}, "Enter a day from which it is to be used instead."),
        ((1,), {"replacement": "no such image"}, "Image not found."),
        ((1,), {"seen": "2026-01-01,,,,"}, "Another user has changed these dates"),
    ],
)
def test_what_is_wrong_is_said(dialog, days, fields, message):
    assert message in dialog.open().refused(*days, **fields)


def test_a_replacement_is_named_by_its_name_or_id(dialog, glance):
    newer = glance.add(name="ubuntu 26.04")
    for text in ("ubuntu 26.04", newer["id"], f" {newer['id'].upper()} "):
        dialog.open().send(1, replacement=text)
        assert dialog.dates.replacement == newer["id"]
    glance.add(name="ubuntu 26.04")
    before = list(glance.writes)
    response = dialog.open().send(1, replacement="ubuntu 26.04")
    assert "Several images have this name." in response.content.decode()
    # Chosen from the list it is one of them.
    assert glance.writes == before
    dialog.send(1, replacement="ubuntu 26.04", replacement_id=newer["id"])
    assert dialog.dates.replacement == newer["id"]


def test_without_scripts_another_name_is_another_image(dialog, glance):
    old, new = glance.add(name="old"), glance.add(name="new")
    dialog.open(**factories.dated(deprecated=5, replacement=old["id"]))
    dialog.seen = f"{day(5)},,,,{old['id']}"
    assert 'value="old"' in dialog.html
    dialog.send(5, replacement="new", replacement_id=old["id"])
    assert dialog.dates.replacement == new["id"]


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"status": "queued"}, "it is not active"),
        ({"status": "deactivated"}, "it is not active"),
        (factories.dated(deprecated=-1), "deprecated itself"),
    ],
)
def test_which_images_replace_no_other(dialog, glance, attributes, message):
    other = glance.add(**attributes)
    assert message in dialog.open().refused(1, replacement=other["id"])


def test_an_image_replaces_neither_itself_nor_its_own_replacement(dialog, glance):
    dialog.open()
    assert "cannot replace itself" in dialog.refused(1, replacement=dialog.image["id"])
    other = glance.add(**factories.dated(deprecated=9, replacement=dialog.image["id"]))
    assert "as its own replacement" in dialog.refused(1, replacement=other["id"])


def test_an_image_of_another_domain_is_not_there(dialog, glance):
    foreign = glance.add(owner=factories.FOREIGN, name="secret")
    dialog.open("admin", factories.domain_admin())
    for text in (foreign["id"], "secret"):
        html = dialog.refused(1, replacement=text)
        assert "Image not found." in html


def test_the_search_finds_what_can_replace_it(browser, dialog, glance):
    dialog.open(name="ubuntu 24.04")
    newer = glance.add(name="ubuntu 26.04")
    for attributes in (
        {"status": "queued"},
        {"owner": factories.FOREIGN},
        factories.dated(deprecated=-1),
    ):
        glance.add(name="ubuntu", **attributes)
    url = path("project", "end_dates/replacements", dialog.image["id"])
    found = browser.get(url, {"q": "ubuntu"}).json()["found"]
    assert [each["value"] for each in found] == [newer["id"]]
    assert browser.get(url, {"q": ""}).json() == {"found": []}


@pytest.mark.parametrize(
    ("rule", "field"),
    [(policy.DEACTIVATE, "deactivate_on"), (policy.DELETE_IMAGE, "delete_on")],
)
def test_who_may_not_do_it_sets_no_day_for_it(dialog, monkeypatch, rule, field):
    allows = policy.allows
    monkeypatch.setattr(
        policy,
        "allows",
        lambda request, asked, *args: asked != rule and allows(request, asked, *args),
    )
    dialog.open()
    assert "Your roles do not allow you to set this day." in dialog.html
    dialog.send(1, **{field: day(9)})
    assert getattr(dialog.dates, field) is None
    assert dialog.dates.deprecate_on


def test_who_may_not_reactivate_puts_no_day_off(dialog, glance, monkeypatch):
    allows = policy.allows
    monkeypatch.setattr(
        policy,
        "allows",
        lambda request, asked, *args: asked != policy.REACTIVATE and allows(request, asked, *args),
    )
    dated = factories.dated(obsolete=-1, done="hd")
    dialog.open(**dated, status="deactivated", os_hidden=True)
    dialog.seen = f",{day(-1)},,,"
    html = dialog.send(None, 5).content.decode()
    assert "do not allow you to reactivate it" in html
    assert glance.writes == []


def test_an_error_of_glance_is_said(dialog, glance):
    dialog.open()
    call = f"POST /v2/images/{dialog.image['id']}/actions/deactivate"
    glance.failing[call] = exceptions.ImageServiceError("It is in use.", 409)
    html = dialog.send(None, -1).content.decode()
    assert "not all that they ask for was done. It is in use." in html
    # The command goes on with it.
    assert dialog.dates.done == "hx"


@pytest.mark.parametrize(
    ("days", "badge"),
    [
        ({"deprecated": -1}, "Deprecated"),
        ({"deprecated": -2, "obsolete": -1}, "Obsolete"),
        ({"deprecated": 3}, "Deprecated on "),
        ({"deprecated": -3, "gone": 3}, "Deleted on "),
        ({"obsolete": 3}, "Obsolete on "),
        ({"gone": -1}, "Deletion due"),
        ({"deprecated": 90}, ""),
    ],
)
def test_the_list_has_the_state(browser, glance, days, badge):
    glance.add(**factories.dated(**days))
    browser.login_as(factories.member())
    html = browser.get(path("project", "index")).content.decode()
    assert (f'<span class="hip-end">{badge}' in html) is bool(badge)
    assert ('class="hip-end"' in html) is bool(badge)


def details(browser, image):
    html = browser.get(path("project", "detail", image["id"])).content.decode()
    return " ".join(html.split())


def test_the_details_name_the_replacement(browser, glance):
    newer = glance.add(name="<b>newer</b>")
    image = glance.add(**factories.dated(deprecated=-1, gone=20, replacement=newer["id"]))
    browser.login_as(factories.member())
    html = details(browser, image)
    assert "This image is deprecated since" in html
    assert "It will be deleted on" in html
    assert f'{newer["id"]}/">&lt;b&gt;newer&lt;/b&gt;</a> instead.' in html
    del glance.images[newer["id"]]
    assert f"Use the image {newer['id']} instead." in details(browser, image)


def test_a_protected_image_is_not_said_to_be_deleted(browser, glance):
    image = glance.add(**factories.dated(gone=-1), protected=True)
    browser.login_as(factories.member())
    html = details(browser, image)
    assert "It was to be deleted on" in html
    assert "It is protected, and is not deleted while it is." in html


@pytest.mark.parametrize(
    ("ends", "found"),
    [
        ("dated", {"soon", "later", "shown"}),
        ("soon", {"soon", "shown"}),
        ("deprecated", {"hidden"}),
        ("obsolete", {"over"}),
    ],
)
def test_the_filter(browser, glance, ends, found):
    names = {
        "soon": factories.dated(deprecated=9),
        "later": factories.dated(deprecated=99),
        "shown": factories.dated(deprecated=-9),
        "hidden": {**factories.dated(deprecated=-9, done="h"), "os_hidden": True},
        "over": {**factories.dated(obsolete=-9, done="h"), "os_hidden": True},
        "copy": {MARK: "true", PROPERTY: factories.dated(deprecated=-9)[PROPERTY]},
        "none": {},
    }
    ids = {glance.add(**attributes)["id"]: name for name, attributes in names.items()}
    browser.login_as(factories.member())
    html = browser.get(path("project", "index"), {"ends": ends}).content.decode()
    assert {name for id_, name in ids.items() if id_ in html} == found
