# SPDX-License-Identifier: Apache-2.0
"""Tags in Edit Image: what is sent, and when nothing is."""

import pytest

from helion_images_panel.core.query import TAGS_AT_ONCE, ImageQuery
from helion_images_panel.core.tags import joined
from helion_images_panel.ui.detail import tag_links
from helion_images_panel.ui.scopes.admin_scope import ADMIN
from helion_images_panel.ui.scopes.scope import PROJECT
from tests import factories
from tests.unit.permissions import path
from tests.unit.ui.edit.test_form import fields_of

ODD = ("a,b", 'say "hi"', " outer ", "two\nlines", "three\r\nfour", "five\rsix", "{$ 7 $}")


@pytest.fixture
def edit(browser, glance):
    class Edit:
        def open(self, *tags):
            self.image = glance.add(tags=list(tags))
            self.url = path("project", "update", self.image["id"])
            browser.login_as(factories.member())
            self.data = fields_of(browser.get(self.url).content.decode())
            return self

        def send(self, text):
            return browser.post(self.url, {**self.data, "tags": text})

        @property
        def sent(self):
            (patch,) = (call.body for call in glance.writes)
            (operation,) = patch
            assert (operation["op"], operation["path"]) == ("replace", "/tags")
            return operation["value"]

    return Edit()


@pytest.mark.parametrize("before", [(), ("a", "b"), ODD, factories.HOSTILE_NAMES])
def test_untouched_tags_send_nothing(edit, glance, before):
    edit.open(*before)
    assert edit.send(edit.data["tags"]).status_code == 302
    assert glance.writes == []


@pytest.mark.parametrize("text", ["b, a", "a,b,", " a , b ", '"a", b, a'])
def test_another_way_to_write_the_same_tags_sends_nothing(edit, glance, text):
    edit.open("a", "b").send(text)
    assert glance.writes == []


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ((), "web", {"web"}),
        (("a", "b"), "b, c", {"b", "c"}),
        (("a",), "", set()),
        (("a,b", "c"), '"a,b"', {"a,b"}),
        (("{$ 7 $}", "c"), "c", {"c"}),
    ],
)
def test_changes(edit, before, text, after):
    edit.open(*before).send(text)
    assert set(edit.sent) == after


def test_what_others_changed_since_the_form_was_opened_stays(edit):
    edit.open("a", "b")
    edit.image["tags"] = ["b", "theirs"]
    edit.send("a, b, mine")
    assert set(edit.sent) == {"b", "theirs", "mine"}


def test_a_tag_that_is_too_long_is_named(edit, glance):
    html = edit.open().send("fine, " + "x" * 256).content.decode()
    assert "This one is longer: " + "x" * 40 + "…" in html
    assert glance.writes == []


@pytest.mark.parametrize(
    ("person", "scope", "query"),
    [
        ("member", PROJECT, "?tag=a%26b"),
        ("domain_admin", ADMIN, "?tag=a%26b"),
        ("cloud_admin", ADMIN, "?tag=a%26b&domain=all"),
    ],
)
def test_the_list_that_a_tag_leads_to(person, scope, query):
    request = factories.request(factories.PEOPLE[person]())
    assert tag_links.list_url(request, scope, "a&b") == scope.url("index") + query


def test_a_list_is_filtered_by_a_few_tags(browser, glance):
    wanted = [f"t{i}" for i in range(TAGS_AT_ONCE)]
    glance.add(name="has all", tags=wanted)
    glance.add(name="has one", tags=wanted[:1])
    browser.login_as(factories.member())
    html = browser.get(path("project", "index"), {"tag": [*wanted, ""]}).content.decode()
    assert "has all" in html
    assert "has one" not in html
    assert glance.listed()[0].query["tag"] == wanted


def test_tags_of_the_query():
    assert ImageQuery.from_url({}, ["a", "a", "b"]).tag == ("a", "b")
    assert not ImageQuery(tag=("a",)).is_empty
    assert joined(("a", "b")) == "a, b"
