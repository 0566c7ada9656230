# SPDX-License-Identifier: Apache-2.0
"""Unused images on real services; the demo has no compute service, some tests one that fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from demo.cloud import Cloud
from tests.integration import spoiler
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images
from tests.integration.panels import ADMIN, DOMAIN, PROJECT
from tests.integration.spoiler import Spoiler
from tests.integration.test_service_stands_still import dashboard_behind
from tests.integration.test_storage import counted

Person = Callable[[str], Dashboard]

#: Larger than those of other tests: they are among the largest unused ones.
DATA = b"x" * 300_000


@pytest.fixture
def made(images: Images) -> dict[str, str]:
    """Images of two projects of a domain, and of another domain, by what they are."""
    base = images.make("base", data=DATA)
    return {
        "base": base,
        "snapshot": images.make("snapshot", data=DATA, base_image_ref=base, image_type="snapshot"),
        "hidden": images.make("hidden", data=DATA, os_hidden=True),
        "public": images.make("public", data=DATA, visibility="public"),
        "sibling": images.make("sibling", "acme-data", data=DATA),
        "foreign": images.make("foreign", "globex-ops", data=DATA),
        "of foreign": images.make("of foreign", "globex-ops", data=DATA),
        "below": images.make("below", "acme-lab", data=DATA, base_image_ref=""),
    }


def found(page: Page, made: dict[str, str]) -> set[str]:
    """Which of the images are named as unused."""
    (section,) = page.tree.all("section", id="hip_storage_unused")
    links = " ".join(anchor["href"] for anchor in section.all("a"))
    return {name for name, image_id in made.items() if image_id in links}


def number(page: Page) -> int:
    (card,) = page.tree.all("li", data_hip_card="unused")
    match = re.search(r"([\d,]+) images? (?:is|are) unused", card.text)
    return int(match[1].replace(",", "")) if match else 0


def test_each_has_the_unused_images_that_they_may_see(
    cloud: Cloud, person: Person, images: Images, made: dict[str, str]
) -> None:
    page = counted(person("alice"), PROJECT)
    assert found(page, made) == {"snapshot", "hidden"}
    assert "no compute and no volume service" in page.text
    assert "left out that other projects may use too" in page.text
    before = number(page)
    # An image of another project that was made from one of these tells nothing to its member.
    images.update(made["below"], base_image_ref=made["hidden"])
    assert number(counted(person("alice"), PROJECT)) == before
    page = counted(person("acme-admin"), ADMIN)
    assert found(page, made) == {"snapshot", "sibling", "below"}
    page = counted(person("mona"), DOMAIN)
    assert found(page, made) == {"sibling", "below"}
    page = counted(person("admin"), ADMIN, domain=cloud.domain_id("globex"))
    assert found(page, made) == {"foreign", "of foreign"}
    page = counted(person("admin"), ADMIN, domain="all")
    assert found(page, made) >= {"snapshot", "sibling", "public", "foreign", "of foreign", "below"}
    assert "known to you" not in page.text
    assert not found(page, made) & {"base", "hidden"}


@pytest.fixture(scope="module")
def nova(cloud: Cloud) -> Iterator[Spoiler]:
    with spoiler.spoiler(cloud.glance.url) as service:
        yield service


@pytest.fixture(scope="module")
def behind(cloud: Cloud, nova: Spoiler) -> Iterator[Callable[[str], Dashboard]]:
    """A dashboard with a compute service that fails in some way."""
    with (
        spoiler.spoiler(cloud.glance.url) as glance,
        dashboard_behind(cloud, "unused", glance, nova, {}) as horizon,
    ):
        yield lambda who: Dashboard(horizon.url).log_in(cloud.user(who))


@pytest.mark.parametrize("spoil", ["503", "403", "html", "reset"])
def test_a_compute_service_that_fails_leaves_nothing_unused(
    behind: Callable[[str], Dashboard], nova: Spoiler, made: dict[str, str], spoil: str
) -> None:
    nova.set(spoil)
    alice = behind("alice")
    nova.set(spoil)
    page = counted(alice, PROJECT)
    assert nova.set("") == 1, "once, whatever the number of images"
    (card,) = page.tree.all("li", data_hip_card="unused")
    assert "Not known" in card.text
    assert "Unable to retrieve the instances." in page.text
    assert found(page, made) == set()
    (stored,) = page.tree.all("li", data_hip_card="stored")
    assert "image" in stored.text
