# SPDX-License-Identifier: Apache-2.0
"""Storage: which images are unused, as far as the services tell, and what is said otherwise."""

import json
import re

import pytest
from django.utils import translation

from helion_images_panel import exceptions
from helion_images_panel.api import instances, volumes
from helion_images_panel.core.image import Image
from helion_images_panel.core.sources import Source
from helion_images_panel.core.unused import Unused
from helion_images_panel.core.uses import UsedImages
from helion_images_panel.ui.scopes.scope import PROJECT
from helion_images_panel.ui.storage import count, uses
from helion_images_panel.ui.storage.uses import UseSearch
from tests import factories
from tests.unit.permissions import path
from tests.unit.ui.storage.test_views import MIB, cards, counted, state_of

PROJECT_URL, ADMIN_URL, DOMAIN_URL = (
    path("project", "storage"),
    path("admin", "storage"),
    "/project/images/domain/storage/",
)


class Service:
    """Instances or volumes, as (image, project), in portions of two; with an error, only that."""

    def __init__(self, *used, error=None, is_complete=True):
        self.used, self.error, self.is_complete = list(used), error, is_complete
        self.asked = []

    def used_images(self, request, marker="", *, everywhere):
        self.asked.append((request.user.project_id, everywhere, marker))
        if self.error:
            raise self.error
        own = request.user.project_id
        rows = [
            (str(number), image_id, project_id)
            for number, (image_id, project_id) in enumerate(self.used)
            if everywhere or project_id == own
        ]
        start = int(marker) if marker else 0
        more = str(start + 2) if len(rows) > start + 2 else ""
        shown = tuple(rows[start : start + 2])
        return UsedImages(shown, marker=more, is_complete=self.is_complete)


@pytest.fixture
def services(monkeypatch):
    def install(nova=None, cinder=None):
        found = nova or Service(), cinder or Service()
        for module, service in zip((instances, volumes), found, strict=True):
            monkeypatch.setattr(module, "used_images", service.used_images)
        return found

    return install


def unused(html):
    """Number of unused images that the card names; None if it is not known."""
    if cards(html)["unused"] == "Not known":
        return None
    (text,) = re.findall(r'(?s)data-hip-card="unused".*?</li>', html)
    found = re.search(r"(\d+) images? (?:is|are) unused", text)
    return int(found[1]) if found else 0


def section(html):
    (found,) = re.findall(r'(?s)<section[^>]*id="hip_storage_unused".*?</section>', html)
    return found


def test_what_nothing_uses(browser, glance, services):
    free = glance.add(name="free", size=MIB)
    booted, on_volume, base = (glance.add(size=MIB)["id"] for _number in range(3))
    glance.add(size=MIB, base_image_ref=base, os_hidden=True)
    glance.add(status="queued", size=None)
    own = factories.PROJECT
    services(Service(*([(booted, own)] * 3)), Service((on_volume, own), ("", own)))
    html, _steps = counted(browser.login_as(factories.member()), PROJECT_URL)
    # The snapshot itself is not in use.
    assert (unused(html), cards(html)["unused"]) == (2, "2 MiB")
    assert f'{free["id"]}/"' in section(html)
    for image_id in (booted, on_volume, base):
        assert image_id not in section(html)
    assert "Only instances and volumes of project" in section(html)
    assert f'href="{path("project", "rules")}?rule=snapshots"' in section(html)


def test_the_first_figures_do_not_wait_for_the_services(browser, glance, services):
    glance.add(size=MIB)
    nova, cinder = services()
    html = browser.login_as(factories.member()).get(PROJECT_URL).content.decode()
    assert cards(html)["stored"] == "1 MiB"
    assert (nova.asked, cinder.asked) == ([], [])
    assert "Reading what uses them" in html
    assert state_of(html)
    assert "hip_storage_unused" not in html


def test_a_cached_result_has_them(browser, glance, services):
    glance.add(size=MIB)
    nova, _cinder = services()
    counted(browser.login_as(factories.member()), PROJECT_URL)
    html = browser.get(PROJECT_URL).content.decode()
    assert unused(html) == 1
    assert len(nova.asked) == 1


@pytest.mark.parametrize("visibility", ["shared", "community", "public"])
def test_images_that_others_may_use_are_left_out(browser, glance, services, visibility):
    glance.add(size=MIB, visibility=visibility)
    services()
    html, _steps = counted(browser.login_as(factories.domain_admin()), ADMIN_URL)
    assert unused(html) == 0
    assert "1 image is left out that other projects may use too" in section(html)
    html, _steps = counted(browser.login_as(factories.cloud_admin()), f"{ADMIN_URL}?domain=all")
    assert unused(html) == 1
    assert "known to you" not in section(html)


def test_an_admin_has_the_uses_of_the_domain_alone(browser, glance, services):
    one, other = (glance.add(owner=factories.SIBLING, size=MIB)["id"] for _number in range(2))
    nova, _cinder = services(Service((one, factories.SIBLING), (other, factories.FOREIGN)))
    html, _steps = counted(browser.login_as(factories.domain_admin()), ADMIN_URL)
    assert unused(html) == 1
    assert other in section(html)
    assert [everywhere for _project, everywhere, _marker in nova.asked] == [True]
    html, _steps = counted(browser.login_as(factories.cloud_admin()), f"{ADMIN_URL}?domain=all")
    assert unused(html) == 0


def test_all_portions_are_read(browser, glance, services, monkeypatch):
    ids = [glance.add(size=MIB)["id"] for _number in range(5)]
    monkeypatch.setattr(uses, "STEP_S", 0)
    nova, _cinder = services(Service(*((id_, factories.PROJECT) for id_ in ids)))
    html, steps = counted(browser.login_as(factories.member()), PROJECT_URL)
    assert unused(html) == 0
    assert [marker for _project, _everywhere, marker in nova.asked] == ["", "2", "4"]
    # The walk, three portions, the images that they name, and the end.
    assert steps == 6
    monkeypatch.setattr(uses, "MOST_PORTIONS", 2)
    html = browser.post(PROJECT_URL).content.decode()
    while state := state_of(html):
        html = browser.post(PROJECT_URL, {"state": state}).content.decode()
    assert unused(html) is None
    assert "too many instances" in section(html)


def test_a_step_looks_up_with_one_token_at_a_time(glance, monkeypatch):
    """A domain's manager has one for each project: all of them would be minutes in one step."""
    monkeypatch.setattr(uses, "STEP_S", 0)
    monkeypatch.setattr(uses, "IDS", 2)
    people = (factories.member(), factories.member_elsewhere())
    lists = [(factories.request(each), Source(each.project_id, "all")) for each in people]
    rows = [glance.add(owner=each.project_id, size=MIB) for each in people for _number in range(3)]
    found = Unused(sees_all=True)
    for row in rows:
        found.add(Image.from_glance(row))
    # The first image of each project is free.
    used = {row["id"] for row in (*rows[1:3], *rows[4:])}
    found.add_used(UsedImages(tuple((f"vm {id_}", id_, "one") for id_ in used)))
    search, steps = UseSearch(found, waiting=[]), []
    while not search.is_over:
        uses.advance(lists[0][0], PROJECT, lists, search)
        search = UseSearch.from_json(json.loads(json.dumps(search.to_json("key"))), "key")
        steps.append((search.compared, search.token, len(glance.listed())))
    # Two images each with one token after the other, and then the end.
    assert steps == [(0, 1, 1), (2, 0, 2), (2, 1, 3), (4, 0, 4), (4, 0, 4)]
    owners = [call.query["owner"] for call in glance.listed()]
    assert owners == [factories.PROJECT, factories.SIBLING] * 2
    assert search.unused.candidates.images == 2


@pytest.mark.parametrize("which", ["nova", "cinder"])
def test_a_service_that_fails_leaves_nothing_unused(browser, glance, services, which):
    glance.add(size=MIB)
    services(**{which: Service(error=exceptions.compute_does_not_answer())})
    html, _steps = counted(browser.login_as(factories.member()), PROJECT_URL)
    assert unused(html) is None
    assert "The compute service is not responding" in section(html)
    assert cards(html)["stored"] == "1 MiB"


@pytest.mark.parametrize("fails", [True, False])
def test_a_failure_is_not_cached_for_a_day(browser, glance, services, monkeypatch, fails):
    # 0 seconds store nothing.
    monkeypatch.setattr(count, "FAILURE_CACHED_S" if fails else "CACHED_S", 0)
    glance.add(size=MIB)
    error = exceptions.compute_does_not_answer() if fails else None
    nova, _cinder = services(Service(error=error))
    counted(browser.login_as(factories.member()), PROJECT_URL)
    nova.error = None
    html, _steps = counted(browser, PROJECT_URL)
    assert (unused(html), len(nova.asked)) == (1, 2)


def test_too_many_to_compare_is_no_failure(browser, glance, services, monkeypatch):
    monkeypatch.setattr(count, "FAILURE_CACHED_S", 0)
    monkeypatch.setattr(uses, "MOST_PORTIONS", 1)
    glance.add(size=MIB)
    nova, _cinder = services(Service(*[("", factories.PROJECT)] * 3))
    for _number in range(2):
        html, _steps = counted(browser.login_as(factories.member()), PROJECT_URL)
        assert unused(html) is None
    assert len(nova.asked) == 1


def test_a_cached_failure_is_in_the_language_of_the_user():
    request = factories.request()
    keys = set()
    for language in ("en", "de"):
        with translation.override(language):
            keys.add(count.key_of(request, PROJECT, PROJECT.owned_lists(request)))
    assert len(keys) == 2
    assert max(map(len, keys)) <= 250


def test_volumes_that_do_not_tell_their_images(browser, glance, services):
    glance.add(size=MIB)
    services(cinder=Service(("", factories.PROJECT), is_complete=False))
    html, _steps = counted(browser.login_as(factories.member()), PROJECT_URL)
    assert unused(html) is None
    assert "does not tell which images" in section(html)


@pytest.mark.parametrize(
    ("there", "text"),
    [
        ((), "no compute and no volume service"),
        (("volumev3",), "no compute service"),
        (("compute",), "no volume service"),
    ],
)
def test_a_cloud_without_a_service(browser, glance, services, there, text):
    base = glance.add(size=MIB)["id"]
    glance.add(size=MIB, base_image_ref=base)
    nova, cinder = services()
    person = factories.member(services=("image", "identity", *there))
    html, steps = counted(browser.login_as(person), PROJECT_URL)
    assert unused(html) == 1
    assert text in section(html)
    assert (len(nova.asked), len(cinder.asked)) == ("compute" in there, "volumev3" in there)
    assert steps == (2 if there else 1)


def test_without_images_no_service_is_asked(browser, glance, services):
    glance.add(status="queued", size=None)
    nova, cinder = services()
    html, steps = counted(browser.login_as(factories.member()), PROJECT_URL)
    assert (nova.asked, cinder.asked, steps) == ([], [], 1)
    assert "No image is unused." in section(html)
