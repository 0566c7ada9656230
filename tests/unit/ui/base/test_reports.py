# SPDX-License-Identifier: Apache-2.0
"""What is told above the next page."""

import json
import re

import pytest
from django.template.loader import render_to_string

from helion_images_panel.ui.base import reports as outcomes
from helion_images_panel.ui.base.reports import Group, Report
from helion_images_panel.ui.base.results import ImageResult
from tests import factories


def rendered(*reports):
    html = render_to_string("helion_images_panel/base/_reports.html", {"outcomes": reports})
    return " ".join(html.split())


def text_of(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_failures_are_grouped_by_their_reason():
    found = outcomes.by_reason(
        [ImageResult("a", "Gone."), ImageResult("b", "Protected."), ImageResult("c", "Gone.")]
    )
    assert found == (Group(("a", "c"), "Gone."), Group(("b",), "Protected."))


def test_nothing_is_told_of_nothing():
    assert rendered() == ""


def test_one_failure_is_one_line():
    report = Report(True, "Delete Image failed", (Group(("kept",), "It is protected."),))
    html = rendered(report)
    assert text_of(html) == "Error: Delete Image failed: kept – It is protected."
    assert "alert-danger" in html
    assert "<ul>" not in html


def test_forty_failures_of_two_reasons_are_two_lines_with_all_names():
    many = tuple(f"image-{n}" for n in range(39))
    report = Report(
        True, "Delete Images failed", (Group(many, "Gone."), Group(("kept",), "Protected."))
    )
    html = rendered(report)
    assert "Gone. (39 images)" in html
    assert "kept – Protected." in html
    assert re.findall(r"<li>(image-\d+)</li>", html) == list(many)
    assert html.count("<details ") == 1


def test_many_successes_are_counted_and_all_named():
    names = tuple(f"image-{n}" for n in range(100))
    html = rendered(Report(False, "Deleted 100 Images", (Group(names),)))
    assert text_of(html).startswith("Success: Deleted 100 Images Show names")
    assert len(re.findall(r"<li>image-\d+</li>", html)) == 100
    # The list scrolls, and so is a stop of the Tab key, with a name.
    assert 'class="hip-names" role="group" tabindex="0" aria-label="100 images"' in html


def test_a_hint_says_what_to_do_next():
    report = Report(False, "Image is now hidden", (Group(("x",)),), "Filter for it.")
    assert text_of(rendered(report)) == "Success: Image is now hidden: x Filter for it."


def test_names_and_reasons_are_text():
    for name in factories.HOSTILE_NAMES:
        (group,) = outcomes.by_reason([ImageResult(name, name)])
        for names in (1, 20):
            html = rendered(Report(True, "Unable", (Group(group.names * names, group.reason),)))
            assert "<script>alert" not in html
            assert "<img" not in html
            assert "{$ c" not in html


def test_a_report_waits_for_the_next_page_and_is_told_once():
    request = factories.request()
    request.headers = {}
    request.headers = {}
    report = Report(True, "Unable", (Group(("a", "b"), "Gone."),), "Next.")
    outcomes.add_report(request, report)
    outcomes.add_report(request, report)
    assert outcomes.pop_reports(request) == [report, report]
    assert outcomes.pop_reports(request) == []


def test_part_of_a_page_leaves_it_to_the_whole():
    request = factories.request()
    request.headers = {}
    request.headers = {"x-requested-with": "XMLHttpRequest"}
    outcomes.add_report(request, Report(True, "Unable", (Group(("a",), "Gone."),)))
    assert outcomes.pop_reports(request) == []
    request.headers = {}
    assert len(outcomes.pop_reports(request)) == 1


def test_what_nobody_fetches_does_not_grow():
    """Every request writes the session."""
    request = factories.request()
    request.headers = {}
    for number in range(50):
        outcomes.add_report(request, Report(False, f"Deleted Image {number}", ()))
    assert [report.title for report in outcomes.pop_reports(request)][-1] == "Deleted Image 49"
    assert len(request.session.get(outcomes.SESSION_KEY, ())) == 0
    for number in range(50):
        outcomes.add_report(request, Report(False, f"Deleted Image {number}", ()))
    assert len(request.session[outcomes.SESSION_KEY]) == outcomes.MAX_REPORTS


# Sessions in cookies.


@pytest.fixture
def _in_cookies(settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"


def told(request):
    return [text for _tag, text, _extra in request.horizon["async_messages"]]


def in_cookies():
    request = factories.request()
    request.headers = {"x-requested-with": "XMLHttpRequest"}
    return request


@pytest.mark.usefixtures("_in_cookies")
def test_a_session_in_a_cookie_does_not_grow():
    request = in_cookies()
    failed = [ImageResult(f"a rather long name {n} 日本" * 3, "Protected.") for n in range(60)]
    done = [ImageResult(f"another one {n}") for n in range(60)]
    outcomes.report_results(request, [*failed, *done], "Deleted Images", "Delete Images failed")
    assert request.session == {}
    assert told(request) == [
        "Deleted Images: 60 images.",
        "Delete Images failed: Protected. (60 images).",
    ]


@pytest.mark.usefixtures("_in_cookies")
def test_few_names_are_said_in_a_cookie_too():
    request = in_cookies()
    outcomes.report_results(
        request, [ImageResult("a"), ImageResult("b", "Gone.")], "Done", "Failed"
    )
    assert told(request) == ["Done: a.", "Failed: b – Gone."]


@pytest.mark.usefixtures("_in_cookies")
def test_a_full_stop_is_said_once_in_any_direction():
    request = in_cookies()
    outcomes.report_results(request, [ImageResult("b", "\u0632\u0627\u0644.")], "Done", "Failed")
    assert told(request) == ["Failed: b – \u2068\u0632\u0627\u0644\u2069."]


@pytest.mark.usefixtures("_in_cookies")
@pytest.mark.parametrize("reason", ["Too long. " * 400, "日本語の理由" * 200])
def test_whatever_the_reasons_are_their_number_is_said_and_fits(reason):
    request = in_cookies()
    results = [ImageResult("日本" * 100, f"{reason} {n}") for n in range(60)]
    outcomes.report_results(request, results, "Done", "Delete Images failed")
    (text,) = told(request)
    assert text.startswith("Delete Images failed: 60 images")
    assert len(json.dumps(text)) <= outcomes.MESSAGE_BYTES


def test_a_session_elsewhere_is_bounded_too():
    """A cache such as memcached drops a session of more than a megabyte."""
    request = factories.request()
    request.headers = {}
    results = [ImageResult("n" * 255, f"{n} " + "long reason " * 500) for n in range(600)]
    for _number in range(3):
        outcomes.report_results(request, results, "Done", "Failed")
    assert len(json.dumps(request.session)) < outcomes.MAX_BYTES * 1.1
    assert outcomes.pop_reports(request)[-1].count_label == "600 images"


def test_one_image_has_a_link_to_where_its_property_is_set():
    url = "/project/images/a/metadata/"
    found = outcomes.by_reason([ImageResult("a", "Missing.", metadata_url=url)])
    assert f'href="{url}"' in rendered(Report(True, "Unable", found))
    both = [ImageResult(name, "Missing.", metadata_url=url) for name in "ab"]
    assert "href" not in rendered(Report(True, "Unable", outcomes.by_reason(both)))


def test_the_link_is_stored_with_the_report():
    request = factories.request()
    request.headers = {}
    group = Group(("a",), "Missing.", metadata_url="/project/images/a/metadata/")
    outcomes.add_report(request, Report(True, "Unable", (group,)))
    assert outcomes.pop_reports(request)[0].groups == (group,)
