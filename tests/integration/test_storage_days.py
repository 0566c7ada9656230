# SPDX-License-Identifier: Apache-2.0
"""Storage over time on real services: who has which figures, and who can change them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from keystoneauth1.exceptions import Forbidden, NotFound

from demo.cloud import Cloud
from helion_images_panel.core.storage_days import DayFigures, signed_days
from helion_images_panel.core.stored_rules import ALL_DOMAINS
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images
from tests.integration.lifecycle import run
from tests.integration.panels import ADMIN, PROJECT
from tests.integration.test_storage import card, counted
from tests.storage_record import PREFIX, Record, day

Person = Callable[[str], Dashboard]


@pytest.fixture
def record(cloud: Cloud) -> Iterator[Record]:
    found = Record(cloud)
    found.clear()
    yield found
    found.clear()


def has_chart(page: Page) -> bool:
    (section,) = page.tree.all("section", id="hip_storage_over_time")
    return bool(section.all("svg"))


def test_a_look_of_an_admin_begins_the_figures(
    cloud: Cloud, person: Person, images: Images, record: Record
) -> None:
    images.make("stored", data=b"x" * 1000)
    acme, globex = cloud.domain_id("acme"), cloud.domain_id("globex")
    counted(person("alice"), PROJECT)
    assert record.names() == []
    page = counted(person("acme-admin"), ADMIN)
    stored = card(page)
    expected = DayFigures(day(), stored.images + stored.hidden, stored.size_bytes)
    assert record.names() == [PREFIX + acme]
    assert record.days(acme) == (expected,)
    body = record.show(acme)
    assert (body["visibility"], body["protected"]) == ("private", True)
    assert "The chart is here from the second day on." in page.text
    # The second look of the day changes nothing.
    images.make("later", data=b"x" * 1000)
    counted(person("acme-admin"), ADMIN)
    assert record.days(acme) == (expected,)
    # Nobody else has begun, or reads, or changes these.
    counted(person("admin"), ADMIN, domain=globex)
    assert record.days(acme) == (expected,)
    assert len(record.days(globex) or ()) == 1
    for who in ("alice", "mona", "gina"):
        with pytest.raises((Forbidden, NotFound)):
            cloud.session(who).get(f"{cloud.glance.url}/v2/metadefs/namespaces/{PREFIX}{acme}")


def test_the_chart_has_the_days_before(cloud: Cloud, person: Person, record: Record) -> None:
    acme = cloud.domain_id("acme")
    counted(person("acme-admin"), ADMIN)
    (now,) = record.days(acme) or ()
    before = DayFigures(day(3), 1, 12345)
    record.set(acme, signed_days(acme, [before]))
    page = counted(person("acme-admin"), ADMIN)
    assert has_chart(page)
    assert record.days(acme) == (before, now)
    (section,) = page.tree.all("section", id="hip_storage_over_time")
    titles = [cell["title"] for cell in section.all("td") if "title" in cell.attributes]
    assert [int(title.split(" ")[0].replace(",", "")) for title in titles] == [
        now.size_bytes,
        12345,
    ]


def test_figures_of_another_domain_and_forged_ones_count_for_nothing(
    cloud: Cloud, person: Person, record: Record
) -> None:
    """Put there by an admin who knows Glance's API."""
    acme, globex = cloud.domain_id("acme"), cloud.domain_id("globex")
    counted(person("acme-admin"), ADMIN)
    (now,) = record.days(acme) or ()
    for text in (signed_days(globex, [DayFigures(day(3), 1, 98765)]), "[]:forged", ""):
        record.set(acme, text)
        assert run(cloud).returncode == 0
        assert record.text(acme) == text, "the command leaves it"
        page = counted(person("acme-admin"), ADMIN)
        assert not has_chart(page)
        assert "98,765" not in page.html
        assert record.days(acme) == (now,)


def test_the_command_goes_on_with_what_somebody_has_looked_at(
    cloud: Cloud, person: Person, images: Images, record: Record
) -> None:
    assert run(cloud).returncode == 0
    assert record.names() == []
    acme, globex = cloud.domain_id("acme"), cloud.domain_id("globex")
    stored = card(counted(person("acme-admin"), ADMIN))
    counted(person("admin"), ADMIN, domain=globex)
    before = [DayFigures(day(1), 1, 1)]
    for domain_id in (acme, globex):
        record.set(domain_id, signed_days(domain_id, before))
    assert run(cloud, "--dry-run").returncode in (0, 3)
    assert record.days(acme) == tuple(before)
    assert run(cloud, "--domain", "acme").returncode == 0
    expected = DayFigures(day(), stored.images + stored.hidden, stored.size_bytes)
    assert record.days(acme) == (*before, expected)
    assert record.days(globex) == tuple(before)
    assert ALL_DOMAINS not in [name.removeprefix(PREFIX) for name in record.names()]
    assert run(cloud).returncode == 0
    assert len(record.days(globex) or ()) == 2


def test_a_projects_figures_are_for_its_members(person: Person, record: Record) -> None:
    page = counted(person("alice"), PROJECT)
    assert "The dashboard has them in its cache" in page.text
    assert record.names() == []
