# SPDX-License-Identifier: Apache-2.0
"""The notice on images that are going away, for a project that uses them."""

from collections import Counter

import pytest
from django.core.cache import cache

from helion_images_panel.api import instances, volumes
from helion_images_panel.core.end_dates import MARK
from helion_images_panel.core.uses import UsedImages
from helion_images_panel.exceptions import ImageServiceUnavailable
from helion_images_panel.ui.uses import ending
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import MISSING, PANEL, PermissionMatrix, path

NOTHING = {"sentence": "", "images": [], "more": "", "key": ""}
URL = path("project", "ending")


class TestWhoMayAsk(PermissionMatrix):
    page, of_an_image = "ending", False
    # The Admin panel has no such address.
    expected = {"project": PANEL["project"], "admin": dict.fromkeys(factories.PEOPLE, MISSING)}


@pytest.fixture
def used(monkeypatch):
    """The numbers by image ID that the services return, or an error; `asked` counts requests, and
    `rest` is what they say of further ones.
    """
    answers = {"of_instances": {}, "of_volumes": {}, "asked": 0, "rest": {}}

    def install(service, name):
        def read(_request, _marker="", *, everywhere):
            assert not everywhere
            answers["asked"] += 1
            if isinstance(answers[name], Exception):
                raise answers[name]
            # One more was made from no image.
            image_ids = ["", *Counter(answers[name]).elements()]
            items = tuple((str(n), id_, "") for n, id_ in enumerate(image_ids))
            return UsedImages(items, **answers["rest"])

        monkeypatch.setattr(service, "used_images", read)

    install(instances, "of_instances")
    install(volumes, "of_volumes")
    return answers


def ended(glance, **dates):
    """An image with dates, in days from today."""
    return glance.add(**factories.dated(**dates))


def notice(browser, person=None):
    return browser.login_as(person or factories.member()).get(URL).json()


def test_what_is_used_and_goes_away(browser, glance, used):
    newer = glance.add(name="newer")
    old = ended(glance, deprecated=-1, gone=9, replacement=newer["id"], name="old", os_hidden=True)
    soon = ended(glance, deprecated=20, name="soon")
    later = ended(glance, obsolete=31, name="later")
    unused = ended(glance, deprecated=-1, name="unused")
    plain = glance.add(name="plain")
    used["of_instances"] = {old["id"]: 2, later["id"]: 1, plain["id"]: 4, "gone": 1}
    used["of_volumes"] = {soon["id"]: 1}
    found = notice(browser)
    assert found["sentence"] == (
        "Instances and volumes of web use images that are going away (instances: 2, volumes: 1):"
    )
    first, second = found["images"]
    assert (first["name"], first["uses"]) == ("old", "2 instances")
    assert first["ends"].startswith("Deprecated, Deleted on ")
    assert first["url"] == path("project", "detail", old["id"])
    assert first["replacement"] == {"name": "newer", "url": path("project", "detail", newer["id"])}
    assert (second["name"], second["uses"], second["replacement"]) == ("soon", "1 volume", None)
    assert unused["id"] not in str(found)


@pytest.mark.parametrize(
    ("kind", "count", "sentence"),
    [
        ("of_instances", 1, "1 instance of web uses an image that is going away:"),
        ("of_instances", 3, "3 instances of web use images that are going away:"),
        (
            "of_volumes",
            2,
            "2 volumes of web were created from images that are going away:",
        ),
    ],
)
def test_the_sentence_counts(browser, glance, used, kind, count, sentence):
    used[kind] = {ended(glance, obsolete=1)["id"]: count}
    assert notice(browser)["sentence"] == sentence


def test_without_instances_glance_is_not_asked(browser, glance, used):
    ended(glance, deprecated=-1)
    assert notice(browser) == NOTHING
    assert glance.calls == []


def test_the_number_of_requests_is_bounded_and_cached(browser, glance, used):
    replacement = glance.add(name="newer")["id"]
    ids = [ended(glance, deprecated=-1, replacement=replacement)["id"] for _ in range(15)]
    used["of_instances"] = dict.fromkeys(ids, 1)
    found = notice(browser)
    assert (len(found["images"]), found["more"]) == (10, "5 more are not shown.")
    # Two lists of images in use, and one of replacements.
    assert (len(glance.calls), used["asked"]) == (3, 2)
    assert notice(browser) == found
    assert (len(glance.calls), used["asked"]) == (3, 2)
    # Another user is asked for anew.
    notice(browser, factories.reader())
    assert used["asked"] == 4


def test_glance_is_asked_for_the_images_in_use(browser, glance, used, monkeypatch):
    """Not for those with dates: of a large cloud these would be others, of other projects."""
    monkeypatch.setattr(ending, "READ", 170)
    ids = [ended(glance, deprecated=-1, os_hidden=bool(n % 2))["id"] for n in range(200)]
    for id_ in ids:
        # Whoever may change the image may remove it.
        del glance.images[id_][MARK]
    used["of_instances"] = dict.fromkeys(ids[20:], 2)
    used["of_volumes"] = {"no ID": 9, **dict.fromkeys(ids[:20], 3)}
    found = notice(browser)
    # The images that are used most.
    assert "instances: 298, volumes: 60" in found["sentence"]
    assert found["more"].endswith(f"more are not shown. {MORE}")
    asked = [call.query["id"].removeprefix("in:").split(",") for call in glance.listed()]
    assert sorted(map(len, asked)) == [9, 9, 80, 80, 80, 80]


MORE = "There may be more uses: the services return a limited number."


@pytest.mark.parametrize(
    ("rest", "more"), [({}, ""), ({"marker": "1"}, MORE), ({"is_complete": False}, MORE)]
)
def test_there_may_be_more_than_a_service_returns(browser, glance, used, rest, more):
    used["of_instances"] = {ended(glance, obsolete=1)["id"]: 1}
    used["rest"] = rest
    assert notice(browser)["more"] == more


def test_what_was_dismissed_stays_so_until_something_else_ends(browser, glance, used):
    image, other = ended(glance, obsolete=1), ended(glance, obsolete=2)
    keys = []

    def look():
        cache.clear()
        keys.append(notice(browser)["key"])

    used["of_instances"] = {image["id"]: 1}
    look()
    used["of_instances"] = {image["id"]: 2}
    used["of_volumes"] = {image["id"]: 1}
    look()
    assert keys[0] == keys[1]
    used["of_volumes"] = {other["id"]: 1}
    look()
    glance.images[image["id"]] |= factories.dated(id=image["id"], obsolete=-1)
    look()
    assert len(set(keys)) == 3


def test_a_service_that_fails_says_nothing_and_is_not_cached(browser, glance, used):
    image = ended(glance, obsolete=-1)
    used["of_instances"] = ImageServiceUnavailable("Down.")
    assert notice(browser) == NOTHING
    used["of_volumes"] = {image["id"]: 1}
    assert notice(browser)["images"]
    used["of_instances"] = {image["id"]: 1}
    assert notice(browser)["images"][0]["uses"] == "1 instance, 1 volume"


def test_a_failure_of_glance_is_a_refusal_for_the_script(browser, glance, used):
    used["of_instances"] = {ended(glance, obsolete=-1)["id"]: 1}
    glance.failing["GET /v2/images"] = fakes.refusal(503, "No.")
    browser.login_as(factories.member())
    assert browser.get(URL).status_code == 503


def test_a_cloud_without_these_services(browser, glance, used):
    used["of_instances"] = {ended(glance, obsolete=-1)["id"]: 1}
    assert notice(browser, factories.member(services=("image", "identity"))) == NOTHING
    assert used["asked"] == 0


def test_an_admin_does_not_see_images_of_others(browser, glance, used):
    """Glance returns them to an admin's token, and the ID of an image may be known."""
    foreign = ended(glance, obsolete=-1, owner=factories.FOREIGN, name="secret")
    owner = factories.domain_admin().project_id
    replaced = ended(glance, obsolete=-1, name="own", replacement=foreign["id"], owner=owner)
    used["of_instances"] = {foreign["id"]: 1, replaced["id"]: 1}
    cache.clear()
    found = notice(browser, factories.domain_admin())
    assert [each["name"] for each in found["images"]] == ["own"]
    assert found["images"][0]["replacement"] is None
    assert "secret" not in str(found)


def test_a_forged_or_copied_record_says_nothing(browser, glance, used):
    image = ended(glance, obsolete=-1)
    copied = glance.add(**{k: v for k, v in image.items() if k.startswith("helion_images")})
    used["of_instances"] = {copied["id"]: 1}
    assert notice(browser) == NOTHING


def test_the_list_names_the_address_alone(browser, glance, used):
    html = browser.login_as(factories.member()).get(path("project", "index")).content.decode()
    assert f'data-hip-ending="{URL}"' in html
    assert used["asked"] == 0
    html = browser.login_as(factories.domain_admin()).get(path("admin", "index")).content.decode()
    assert "data-hip-ending" not in html
