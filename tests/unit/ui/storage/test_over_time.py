# SPDX-License-Identifier: Apache-2.0
"""Storage over time: what a day adds, where it is kept, and for whom."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from helion_images_panel.core.storage_days import DayFigures, days_of, signed_days
from helion_images_panel.ui.storage import count, over_time
from helion_images_panel.ui.storage.over_time import HEIGHT, WIDTH, History, OverTime
from tests import factories
from tests.unit.fakes import refusal
from tests.unit.permissions import path
from tests.unit.ui.storage.test_views import MIB, counted

PROJECT_URL, ADMIN_URL = path("project", "storage"), path("admin", "storage")
HOME = factories.DOMAIN
NAMESPACE = f"helion_storage_{HOME}"


@pytest.fixture
def on(monkeypatch):
    """Have the dashboard's figures be of a day, which is so many before today."""

    class Clock(datetime):
        days = 0

        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) - timedelta(days=cls.days)

    monkeypatch.setattr(over_time, "datetime", Clock)

    def set_days(days_ago):
        Clock.days = days_ago
        return (datetime.now(UTC) - timedelta(days=days_ago)).date().isoformat()

    return set_days


def again(browser, url):
    """The page, counted anew."""
    html = browser.post(url).content.decode()
    while state := re.search(r'name="state" value="([^"]*)"', html):
        html = browser.post(url, {"state": state[1]}).content.decode()
    return html


def section(html):
    (found,) = re.findall(r'(?s)<section[^>]*id="hip_storage_over_time".*?</section>', html)
    return found


def stored(glance, name=NAMESPACE, domain=HOME):
    text = glance.metadefs[name]["properties"]["days"]["description"]
    return days_of(domain, text)


def sizes(html):
    """The sizes of the table, the newest first."""
    body = section(html).partition("<tbody>")[2]
    return re.findall(r'<td class="hip-number" title="([^"]*)"', body)


def test_the_latest_figure_leads_to_the_list(browser, glance, on):
    """Glance has no list of the past."""
    browser.login_as(factories.member())
    glance.add(size=MIB)
    on(1)
    again(browser, PROJECT_URL)
    glance.add(size=MIB)
    glance.add(size=MIB, os_hidden=True)
    on(0)
    own = f"/project/images/?owner={factories.PROJECT}"
    body = section(again(browser, PROJECT_URL)).partition("<tbody>")[2]
    assert re.findall('href="([^"]*)"[^>]*>([^<]*)<', body) == [
        (own, "3"),
        (f"{own}&amp;hidden=true", "1 of them hidden"),
    ]
    assert 'aria-label="3 images: the list as it is now"' in body
    assert 'title="3 images' not in body
    # The first figure of a day is kept, and nothing is known of its hidden images.
    glance.add(size=MIB)
    body = section(again(browser, PROJECT_URL)).partition("<tbody>")[2]
    assert re.findall('href="([^"]*)"[^>]*>([^<]*)<', body) == [(own, "3")]
    assert 'title="3 images: the list as it is now"' in body


@pytest.mark.parametrize(
    ("person", "url"), [(factories.member, PROJECT_URL), (factories.domain_admin, ADMIN_URL)]
)
def test_each_day_has_one_figure(browser, glance, on, person, url):
    browser.login_as(person())
    glance.add(size=MIB)
    on(2)
    html = again(browser, url)
    assert "The chart is here from the second day on" in section(html)
    assert "<svg" not in html
    glance.add(size=2 * MIB, os_hidden=True)
    on(1)
    again(browser, url)
    # The first figure of a day is kept.
    glance.add(size=MIB)
    html = again(browser, url)
    assert "<svg" in section(html)
    assert [size.split(" ")[0] for size in sizes(html)] == ["3,145,728", "1,048,576"]
    # A cached result shows the same.
    assert section(browser.get(url).content.decode()) == section(html)


def test_an_admins_figures_are_in_glance_and_signed_for_the_domain(browser, glance, on):
    glance.add(size=MIB)
    glance.add(size=MIB, owner=factories.FOREIGN)
    day = on(0)
    counted(browser.login_as(factories.domain_admin()), ADMIN_URL)
    assert stored(glance) == (DayFigures(day, 1, MIB),)
    namespace = glance.metadefs[NAMESPACE]
    assert (namespace["visibility"], namespace["protected"]) == ("private", True)
    counted(browser.login_as(factories.cloud_admin()), f"{ADMIN_URL}?domain=all")
    assert stored(glance, "helion_storage_of_all_domains", "*") == (DayFigures(day, 2, 2 * MIB),)


def test_a_member_writes_nothing_to_glance(browser, glance):
    glance.add(size=MIB)
    counted(browser.login_as(factories.member()), PROJECT_URL)
    assert not glance.writes
    # Nor does a second look of an admin on the same day.
    counted(browser.login_as(factories.domain_admin()), ADMIN_URL)
    writes = len(glance.writes)
    again(browser, ADMIN_URL)
    assert len(glance.writes) == writes


def test_nobody_has_the_figures_of_another_project(browser, glance, on):
    glance.add(size=MIB)
    on(1)
    again(browser.login_as(factories.member()), PROJECT_URL)
    on(0)
    html = again(browser.login_as(factories.member_elsewhere()), PROJECT_URL)
    assert "<svg" not in html
    # Another user of the project has them.
    html = again(browser.login_as(factories.reader()), PROJECT_URL)
    assert "<svg" in html


@pytest.mark.parametrize("text", ["[]:forged", "other"])
def test_figures_that_nobody_here_has_signed_count_for_nothing(browser, glance, on, text):
    glance.add(size=MIB)
    day = on(0)
    yesterday = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    counted(browser.login_as(factories.domain_admin()), ADMIN_URL)
    if text == "other":
        text = signed_days("globex", [DayFigures(yesterday, 9, 9)])
    glance.metadefs[NAMESPACE]["properties"]["days"]["description"] = text
    html = again(browser, ADMIN_URL)
    assert "<svg" not in html
    assert stored(glance) == (DayFigures(day, 1, MIB),)


def test_an_image_service_that_refuses_it(browser, glance, monkeypatch):
    # 0 seconds store nothing.
    monkeypatch.setattr(count, "FAILURE_CACHED_S", 0)
    glance.add(size=MIB)
    glance.failing["PUT /v2/metadefs/namespaces/" + NAMESPACE + "/properties/days"] = refusal(
        403, "You are not authorized"
    )
    html, _steps = counted(browser.login_as(factories.domain_admin()), ADMIN_URL)
    assert "The figures of today could not be stored." in section(html)
    assert "The figures begin on" in section(html)
    # The refusal is not cached for a day.
    glance.failing.clear()
    html, _steps = counted(browser, ADMIN_URL)
    assert "could not be stored" not in section(html)


def test_the_line_has_a_step_at_each_day():
    days = [DayFigures(f"2026-11-{day:02}", 1, size) for day, size in ((1, 0), (6, 8), (11, 4))]

    class Charts:
        class scope:  # noqa: N801
            stores_rules = True

    chart = OverTime(Charts, History(days))
    # The days begin at 0, 5 and 10 of 11.
    middle, last = round(WIDTH * 5 / 11), round(WIDTH * 10 / 11)
    half = HEIGHT // 2
    assert chart.points == (
        f"0,{HEIGHT} {middle},{HEIGHT} {middle},0 {last},0 {last},{half} {WIDTH},{half}"
    )
    nothing = OverTime(Charts, History([each._replace(size_bytes=0) for each in days]))
    assert {point.split(",")[1] for point in nothing.points.split(" ")} == {str(HEIGHT)}
