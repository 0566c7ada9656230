# SPDX-License-Identifier: Apache-2.0
"""The list: who sees what, filters that stay in the URL, pages forward and back."""

from collections.abc import Callable
from typing import Any

import pytest

from demo import seed
from demo.cloud import Cloud
from tests.browser.browser import Browser
from tests.browser.pages import ADMIN, DetailPage, ImagesPage, SettingsPage

Unique = Callable[[str], str]
MakeImage = Callable[..., Any]


def test_reader_looks_and_changes_nothing(browser: Browser) -> None:
    browser.log_in("reader")
    page = ImagesPage(browser).open()
    assert "lab-notes" in page.names()
    assert page.table_actions() == []
    assert not page.has_boxes()
    assert [row.actions.labels() for row in page.rows()] == [[]] * len(page.ids())
    details = page.row("lab-notes").open()
    assert details.facts()["Description"] == "Data disk of the first lab"
    assert details.actions.labels() == []
    assert not browser.all('a[href^="/admin/"]')


@pytest.mark.parametrize("page", ["create/", "{id}/update/", "{id}/metadata/"])
def test_reader_is_refused_behind_the_buttons(browser: Browser, page: str) -> None:
    browser.expect_console_error(r"status of 403")
    browser.log_in("reader")
    browser.go("/project/images/" + page.format(id=seed.image_id("notes")))
    assert "not authorized" in browser.one("body").text.lower()
    assert not browser.all("#content_body form")


def test_member_does_not_reach_the_admin_panel(browser: Browser) -> None:
    browser.expect_console_error(r"status of 40[34]")
    browser.log_in("alice")
    browser.go(ADMIN)
    assert not browser.all("#images")


def test_arabic_name_is_shown(browser: Browser) -> None:
    browser.log_in("bob")
    page = ImagesPage(browser).open()
    row = page.row("صورة خادم البيانات")
    assert row.image_id == seed.image_id("arabic")
    details = row.open()
    assert details.title == "صورة خادم البيانات"
    assert details.facts()["Description"] == "نظام قاعدة البيانات"


def test_nameless_image_goes_by_its_id(browser: Browser) -> None:
    nameless = seed.image_id("nameless")
    browser.log_in("demo")
    page = ImagesPage(browser).open()
    row = page.row_of(nameless)
    assert row.name == nameless
    details = row.open()
    assert details.title == nameless
    assert details.facts()["Name"] == "-"


def test_snapshot_of_volumes_tells_their_sizes(browser: Browser) -> None:
    """Glance has 0 bytes of it."""
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    row = page.row("db-1 volumes")
    assert row.cells()["Type"] == "Snapshot"
    assert row.cells()["Size"] == "120 GiB 2 volumes"
    facts = row.open().facts()
    assert facts["Size"] == "0 B"
    assert facts["Data in Volumes"].startswith("120 GiB in 2 volumes")


def test_snapshot_tells_its_origin(browser: Browser) -> None:
    browser.log_in("alice")
    details = DetailPage(browser).open(seed.image_id("snapshot"))
    assert details.facts()["Type"] == "Snapshot"
    assert details.facts()["Instance"] == "3f2a9f0c-52d5-4e0f-8d0b-7d9f0f6a1b11"
    assert details.facts()["Base Image"] == seed.image_id("web-server")
    browser.click(
        lambda: browser.one(f'.hip-overview a[href*="{seed.image_id("web-server")}"]'),
        "the base image",
    )
    details.wait_until_shown(seed.image_id("web-server"))


def test_name_is_underlined_under_the_pointer(browser: Browser) -> None:
    browser.log_in("alice")
    ImagesPage(browser).open().row("web-server")
    link = browser.one(f'tr[data-object-id="{seed.image_id("web-server")}"] .hip-name a')
    browser.run("arguments[0].scrollIntoView({block: 'center'})", link)
    at = browser.run(
        "const box = arguments[0].getBoundingClientRect();"
        "return [box.x + box.width / 2, box.y + box.height / 2]",
        link,
    )
    browser.driver.execute_cdp_cmd(
        "Input.dispatchMouseEvent",
        {
            "type": "mouseMoved",
            "x": at[0],
            "y": at[1],
        },
    )
    browser.wait(
        lambda: "underline" in link.value_of_css_property("text-decoration-line"),
        "the name to be underlined",
    )


@pytest.mark.parametrize(
    ("name", "choice", "value", "expected"),
    [
        ("status", "Queued", "queued", {"waiting-for-data"}),
        ("format", "ISO", "iso", {"rescue-cd"}),
        ("visibility", "Community", "community", {"community-tools"}),
        ("name", "web-server", "web-server", {"web-server"}),
    ],
)
def test_filter_stays_in_the_url(
    browser: Browser, name: str, choice: str, value: str, expected: set[str]
) -> None:
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    everything = page.names()
    assert expected < set(everything)
    page.filter(**{name: choice})
    for _ in range(2):
        assert f"{name}={value}" in browser.path
        assert expected <= set(page.names())
        assert "cirros-like" not in page.names()
        assert page.filter_value(name) == choice
        browser.driver.refresh()
        page.wait_until_shown()
    browser.click(lambda: browser.one("[data-hip-clear]"), "Clear filter")
    page.row("cirros-like")
    assert page.names() == everything


def test_filters_together(browser: Browser) -> None:
    browser.log_in("alice")
    page = ImagesPage(browser).open()
    page.filter(status="Active", format="QCOW2", visibility="Public")
    assert page.names() == ["cirros-like", "debian-12-generic", "debian-12-generic-arm64"]
    page.filter(name="nobody has this name")
    assert page.ids() == []
    assert "No images match the filter." in browser.texts("#images")[0]
    browser.click(lambda: browser.one(".hip-empty a"), "Clear filters")
    page.row("cirros-like")
    assert page.filter_value("name") == ""


def test_filter_of_the_admin_panel_does_not_leak(browser: Browser) -> None:
    browser.log_in("admin")
    ImagesPage(browser, ADMIN).open().filter(status="Queued")
    page = ImagesPage(browser).open()
    assert "cirros-like" in page.names()
    assert page.filter_value("status") == "Any status"


def test_pages_forward_and_back(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    """Images of one and the same name keep their order; none is skipped or shown twice."""
    name = unique("same name")
    ids = sorted(make_image(name, content=None)["id"] for _ in range(7))
    browser.log_in("alice", fresh=True)
    SettingsPage(browser).open().set_items_per_page(3)
    page = ImagesPage(browser).open()
    page.filter(name=name)

    forward = [page.ids()]
    assert not page.can_turn("Prev")
    while page.can_turn("Next"):
        page.turn("Next")
        assert page.filter_value("name") == name
        forward.append(page.ids())
    assert [len(each) for each in forward] == [3, 3, 1]
    assert [id_ for each in forward for id_ in each] == ids

    back = [page.ids()]
    while page.can_turn("Prev"):
        page.turn("Prev")
        back.append(page.ids())
    assert back == forward[::-1]
    assert page.can_turn("Next")


def test_page_that_begins_at_a_deleted_image(
    browser: Browser, cloud: Cloud, unique: Unique, make_image: MakeImage
) -> None:
    name = unique("marker")
    for _ in range(3):
        make_image(name, content=None)
    browser.log_in("alice", fresh=True)
    SettingsPage(browser).open().set_items_per_page(1)
    page = ImagesPage(browser).open()
    page.filter(name=name)
    cloud.glance_client("alice").images.delete(page.ids()[0])
    page.turn("Next")
    assert len(page.ids()) == 1
    page.wait_for_message("The list has changed")
    assert page.filter_value("name") == name


def test_many_images_are_asked_about_one_question_after_the_other(browser: Browser) -> None:
    """The panel of a page may show more rows than one question may name."""
    browser.log_in("alice")
    ImagesPage(browser).open()
    most, questions = browser.driver.execute_async_script(
        """
        var done = arguments[0], plain = window.fetch, inFlight = 0, most = 0, questions = 0;
        var ids = Array.from({length: 200}, function () { return crypto.randomUUID(); });
        window.fetch = function () {
          questions += 1;
          inFlight += 1;
          most = Math.max(most, inFlight);
          return plain.apply(window, arguments).finally(function () { inFlight -= 1; });
        };
        horizon.helionImages.states('/project/images/progress/', ids).then(function () {
          done([most, questions]);
        }, function (error) { done([String(error), questions]); });
        """
    )
    assert (most, questions) == (1, 3)
