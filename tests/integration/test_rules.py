# SPDX-License-Identifier: Apache-2.0
"""Clean Up on real services: what rules find, delete and keep, and whose images they leave."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from keystoneauth1.exceptions import Forbidden, NotFound
from sqlalchemy import create_engine, text

from demo import sqlite
from demo.cloud import Cloud
from helion_images_panel.core.family import FORMER, LATEST, NEW
from tests.integration import lifecycle
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images
from tests.integration.killed import killing
from tests.integration.panels import ADMIN, DOMAIN, PROJECT, Panel
from tests.integration.publishing import publish
from tests.integration.test_versions import Families
from tests.thorough import only_thorough

Person = Callable[[str], Dashboard]

SNAPSHOT = {"image_type": "snapshot"}
OLD_DAYS = 200


def age(cloud: Cloud, *image_ids: str, days: int = OLD_DAYS) -> None:
    """Make images older, which Glance's API does not."""
    engine = create_engine(cloud.glance.database_url or sqlite.url(cloud.glance.database))
    then = datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(days=days)
    change = text("UPDATE images SET created_at = :then, updated_at = :then WHERE id = :id")
    with engine.begin() as connection:
        for image_id in image_ids:
            connection.execute(change, {"then": then, "id": image_id})
    engine.dispose()


def preview(dashboard: Dashboard, panel: Panel, kind: str, number: int = 0, **url: str) -> Page:
    fields = {"kind": kind, **({f"number_{kind}": str(number)} if number else {})}
    page = dashboard.submit(dashboard.get(panel.rules, **url).form("kind"), **fields)
    while "data-hip-steps-percent" in page.html:
        page = dashboard.submit(page.form("state"))
    assert page.status == 200
    return page


def deleted(dashboard: Dashboard, page: Page) -> Page:
    """Answer the question, and repeat the deletion until it is over."""
    asked = dashboard.submit(page.form("state"), ask="1")
    assert "can be restored until" in asked.text or "deleted permanently" in asked.text
    page = dashboard.submit(asked.form("state"), delete="1")
    while "data-hip-steps-percent" in page.html:
        page = dashboard.submit(page.form("deleting"))
    return page


def listed(page: Page) -> set[str]:
    """Names of the images that would go."""
    tables = page.tree.all("table", css="hip-rules-images")
    return {
        row.all("a")[0].text.strip() for table in tables for row in table.all("tbody")[0].all("tr")
    }


def kept(page: Page) -> dict[str, set[str]]:
    """Names of images that are kept, by reason."""
    found: dict[str, set[str]] = {}
    for table in page.tree.all("table", css="hip-rules-kept"):
        for row in table.all("tbody")[0].all("tr"):
            names = {anchor.text.strip() for anchor in row.all("a")}
            found[row.all("th")[0].text.strip()] = names
    return found


def is_in_bin(images: Images, image_id: str) -> bool:
    image = images.show(image_id)
    return "helion_images_deleted" in image and image["status"] == "deactivated"


@pytest.fixture
def snapshots(cloud: Cloud, images: Images) -> dict[str, str]:
    """Old snapshots of two projects of a domain and of another domain, by what they are."""
    made = {
        "unused": images.make("unused", data=b"1" * 1000, **SNAPSHOT),
        "protected": images.make("protected", protected=True, **SNAPSHOT),
        "published": images.make("published", **SNAPSHOT),
        "public": images.make("public", visibility="public", **SNAPSHOT),
        "shared": images.make("shared", visibility="shared", **SNAPSHOT),
        "alone": images.make("alone", visibility="shared", **SNAPSHOT),
        "sibling": images.make("sibling", "acme-data", data=b"1" * 500, **SNAPSHOT),
        "foreign": images.make("foreign", "globex-ops", **SNAPSHOT),
        "new": images.make("new", **SNAPSHOT),
        "image": images.make("image"),
    }
    images.share(made["shared"], "globex-ops")
    return made


def test_old_snapshots_of_a_project(
    person: Person, cloud: Cloud, images: Images, snapshots: dict[str, str]
) -> None:
    publish(person("acme-admin"), ADMIN, snapshots["published"], "domain")
    age(cloud, *(id_ for name, id_ in snapshots.items() if name != "new"))
    names = {name: images.name(id_) for name, id_ in snapshots.items()}
    alice = person("alice")
    page = preview(alice, PROJECT, "snapshots", 180)
    assert {names["unused"], names["alone"]} == listed(page)
    found = kept(page)
    assert names["protected"] in found["Protected"]
    assert names["published"] in found["Published"]
    assert names["public"] in found["Public"]
    assert names["shared"] in found["Shared with other projects"]
    for name in ("sibling", "foreign"):
        assert names[name] not in page.text
    assert all(not is_in_bin(images, id_) for id_ in snapshots.values())

    # One of them is protected between the preview and its deletion.
    images.update(snapshots["alone"], protected=True)
    result = deleted(alice, page)
    assert "Deleted 1 image." in result.text
    assert "The image is protected. Unprotect it first." in result.text
    assert [name for name, id_ in snapshots.items() if is_in_bin(images, id_)] == ["unused"]
    index = alice.get(PROJECT.index, view="deleted", name=names["unused"])
    assert snapshots["unused"] in index.rows
    alice.act(PROJECT.index, "restore", snapshots["unused"])
    assert images.status(snapshots["unused"]) == "active"


def test_an_admin_has_exactly_the_domain(
    person: Person, cloud: Cloud, images: Images, snapshots: dict[str, str]
) -> None:
    age(cloud, *snapshots.values())
    names = {name: images.name(id_) for name, id_ in snapshots.items()}
    page = preview(person("acme-admin"), ADMIN, "snapshots", 180)
    assert {names["unused"], names["sibling"]} <= listed(page)
    assert names["foreign"] not in page.text
    # Of another domain an admin gets nothing, neither by its ID nor by a preview of it.
    globex = cloud.domain_id("globex")
    of_globex = preview(person("admin"), ADMIN, "snapshots", 180, domain=globex)
    assert names["foreign"] in listed(of_globex)
    assert names["unused"] not in of_globex.text
    state = of_globex.form("state").fields["state"]
    for who, panel in (("acme-admin", ADMIN), ("alice", PROJECT), ("mona", DOMAIN)):
        url = f"{panel.rules}?domain={globex}"
        other = person(who).post(url, {"state": state, "delete": "1"})
        assert "Preview again" in other.text
    page = preview(person("acme-admin"), ADMIN, "snapshots", 180, domain=globex)
    assert names["foreign"] not in page.text
    assert not any(is_in_bin(images, id_) for id_ in snapshots.values())
    deleted(person("acme-admin"), page)
    went = {name for name, id_ in snapshots.items() if is_in_bin(images, id_)}
    # Here nobody has published one, and all are as old.
    assert went == {"unused", "alone", "sibling", "published", "new"}


def test_a_manager_has_the_projects_of_their_roles(
    person: Person, cloud: Cloud, images: Images, snapshots: dict[str, str]
) -> None:
    age(cloud, *snapshots.values())
    page = preview(person("mona"), DOMAIN, "snapshots", 180)
    assert images.name(snapshots["sibling"]) in listed(page)
    assert images.name(snapshots["unused"]) not in page.text
    deleted(person("mona"), page)
    assert is_in_bin(images, snapshots["sibling"])


def test_of_duplicates_one_stays(person: Person, cloud: Cloud, images: Images) -> None:
    data = os.urandom(4096)
    first, second, third = (images.make("twin", data=data) for _ in range(3))
    other = images.make("twin", "acme-data", data=data)
    age(cloud, third)
    alice = person("alice")
    page = preview(alice, PROJECT, "duplicates")
    assert {images.name(first), images.name(second)} <= listed(page)
    assert images.name(third) not in listed(page)
    # What the preview wanted to keep is deleted before: then none of the others goes.
    alice.act(PROJECT.index, "delete", third)
    result = deleted(alice, page)
    assert "The rule does not match the image any more." in result.text
    assert not is_in_bin(images, first)
    assert not is_in_bin(images, second)
    deleted(alice, preview(alice, PROJECT, "duplicates"))
    assert [is_in_bin(images, id_) for id_ in (first, second, other)].count(True) == 1
    assert not is_in_bin(images, other)


def test_of_a_family_the_newest_versions_stay(person: Person, cloud: Cloud, images: Images) -> None:
    family = Families(images)
    old = family.make(FORMER, "(old)")
    older = family.make(FORMER, "(older)")
    latest, new = family.make(LATEST, ""), family.make(NEW, "(new)")
    other = Families(images).make(LATEST, "other")
    for days, image_id in enumerate((latest, old, older), start=1):
        age(cloud, image_id, days=days)
    alice = person("alice")
    page = preview(alice, PROJECT, "family", 1)
    assert {images.name(old), images.name(older)} <= listed(page)
    assert not {images.name(each) for each in (latest, new, other)} & listed(page)
    deleted(alice, page)
    assert [is_in_bin(images, each) for each in (old, older)] == [True, True]
    assert not any(is_in_bin(images, each) for each in (latest, new, other))
    # After a roll back the latest one is kept, and not the newest.
    alice.act(PROJECT.index, "restore", old)
    form = alice.get(PROJECT.make_latest(old)).form("confirmed")
    alice.submit(form)
    deleted(alice, preview(alice, PROJECT, "family", 1))
    assert is_in_bin(images, latest)
    assert not is_in_bin(images, old)


def test_images_without_data(person: Person, cloud: Cloud, images: Images) -> None:
    stuck, new = (images.make("queued", data=None) for _ in range(2))
    safe = images.make("queued", data=None, protected=True)
    age(cloud, stuck, safe, days=8)
    page = preview(person("alice"), PROJECT, "queued", 7)
    assert images.name(stuck) in listed(page)
    assert images.name(new) not in listed(page)
    assert images.name(safe) in kept(page)["Protected"]
    deleted(person("alice"), page)
    with pytest.raises(NotFound):
        images.show(stuck)
    assert images.show(new)
    assert images.show(safe)


def test_a_reader_deletes_nothing(person: Person, cloud: Cloud, images: Images) -> None:
    image_id = images.make("read", "demo", **SNAPSHOT)
    age(cloud, image_id)
    page = preview(person("reader"), PROJECT, "snapshots", 180)
    assert images.name(image_id) in kept(page)["You are not allowed to delete them"]
    assert listed(page) == set()


@pytest.fixture
def without_rules(cloud: Cloud) -> Iterator[None]:
    """Removes the namespaces of stored rules at the end."""
    yield
    session, url = cloud.session("admin"), f"{cloud.glance.url}/v2/metadefs/namespaces"
    for name in namespaces(cloud):
        session.put(f"{url}/{name}", json={"namespace": name, "protected": False})
        session.delete(f"{url}/{name}")


def namespaces(cloud: Cloud, who: str = "admin") -> list[str]:
    url = f"{cloud.glance.url}/v2/metadefs/namespaces?limit=1000"
    found = cloud.session(who).get(url).json()["namespaces"]
    return [each["namespace"] for each in found if each["namespace"].startswith("helion_rules_")]


def store(dashboard: Dashboard, kind: str, number: int = 0) -> Page:
    page = preview(dashboard, ADMIN, kind, number)
    (button,) = page.tree.all("button", id="hip_rules_store")
    assert button.text.strip() == "Apply Automatically"
    fields = {"kind": kind, **({f"number_{kind}": str(number)} if number else {})}
    return dashboard.post(f"{ADMIN.rules}stored/", fields)


def entries(cloud: Cloud, code: int, *arguments: str) -> list[dict[str, Any]]:
    """What the command reports of rules; it has to end with this exit code."""
    done = lifecycle.run(cloud, "--json", *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["images"]
    return [each for each in found if each["domain"]]


@pytest.mark.usefixtures("without_rules")
def test_a_stored_rule_is_applied_to_its_domain(
    person: Person, cloud: Cloud, images: Images, snapshots: dict[str, str]
) -> None:
    age(cloud, *(id_ for name, id_ in snapshots.items() if name != "new"))
    admin = person("acme-admin")
    page = store(admin, "snapshots", 180)
    assert "The lifecycle command applies this rule from now on" in " ".join(page.messages)
    assert "Snapshots older than 180 days that nothing uses" in page.text
    acme = cloud.domain_id("acme")
    assert namespaces(cloud) == [f"helion_rules_{acme}"]
    # Projects do not see the namespace.
    for who in ("alice", "gina"):
        assert namespaces(cloud, who) == []

    expected = {snapshots[name] for name in ("unused", "alone", "sibling", "published")}
    dry = {each["id"]: each for each in entries(cloud, 3, "--dry-run")}
    due = {id_ for id_, each in dry.items() if not each["kept"] and not each["error"]}
    assert expected <= due
    assert dry[snapshots["shared"]]["kept"] == "it is shared"
    assert not any(is_in_bin(images, id_) for id_ in snapshots.values())
    assert lifecycle.run(cloud, "--domain", "nowhere").returncode == 1
    done = {each["id"]: each for each in entries(cloud, 0, "--domain", "acme")}
    went = {id_ for id_ in snapshots.values() if is_in_bin(images, id_)}
    assert went == expected
    for image_id in went:
        entry = done[image_id]
        assert (entry["done"], entry["rule"], entry["domain"]) == (True, "snapshots 180", acme)
    assert not {each["id"] for each in entries(cloud, 0)} & expected

    page = admin.get(ADMIN.rules)
    admin.submit(page.form("remove"), remove="1")
    assert "No rule is stored." in admin.get(ADMIN.rules).text
    assert entries(cloud, 0, "--dry-run") == []


@pytest.mark.usefixtures("without_rules")
def test_a_stored_rule_for_one_project_goes_beyond_it_for_nobody(
    person: Person, cloud: Cloud, images: Images
) -> None:
    """By the page that shows it, the command, and a forged request for a project elsewhere."""
    admin, owners = person("acme-admin"), ("acme-web", "acme-lab", "globex-ops")
    of = {owner: images.make("limited", owner, **SNAPSHOT) for owner in owners}
    age(cloud, *of.values())
    form = admin.get(ADMIN.rules).form("kind")
    page = admin.submit(form, kind="snapshots", number_snapshots="180", projects="acme-lab")
    while "data-hip-steps-percent" in page.html:
        page = admin.submit(page.form("state"))
    assert images.name(of["acme-lab"]) in page.text
    assert images.name(of["acme-web"]) not in page.text
    assert page.tree.all("button", id="hip_rules_store")
    page = admin.submit(page.form("project"))
    assert "Only in the project" in " ".join(page.messages)
    assert "acme-lab" in page.tree.first("section", "hip-rules-stored").text
    fields = {"kind": "queued", "number_queued": "7", "project": cloud.project_id("globex-ops")}
    assert "There is no project" in " ".join(admin.post(f"{ADMIN.rules}stored/", fields).messages)

    dry = entries(cloud, 3, "--dry-run")
    assert {each["owner"] for each in dry} == {cloud.project_id("acme-lab")}
    assert dry[0]["projects"] == [cloud.project_id("acme-lab")]
    entries(cloud, 0)
    went = {owner: is_in_bin(images, image_id) for owner, image_id in of.items()}
    assert went == {"acme-web": False, "acme-lab": True, "globex-ops": False}


@pytest.mark.usefixtures("without_rules")
@pytest.mark.parametrize("is_sent", [pytest.param(False, marks=only_thorough), True])
def test_a_run_that_is_killed_at_each_call(
    person: Person, cloud: Cloud, images: Images, is_sent: bool
) -> None:
    """The next run does the rest, and nothing else has changed."""
    admin, acme = person("acme-admin"), cloud.domain_id("acme")
    store(admin, "snapshots", 180)
    store(admin, "queued", 7)
    with killing(cloud, "admin") as program:
        for call in count():
            shared = images.make("killed", visibility="shared", **SNAPSHOT)
            private = images.make("killed", **SNAPSHOT)
            stuck = images.make("killed", data=None)
            kept_ = [images.make("kept", protected=True, **SNAPSHOT), images.make("kept")]
            age(cloud, shared, private, stuck, *kept_)
            before = {id_: images.state(id_) for id_ in (shared, private, *kept_)}
            was_killed = program.take("rules", acme, call, is_sent)
            for image_id in (shared, private):
                # Half deleted is in the bin, and no one else's.
                found = images.show(image_id)
                is_deleted = "helion_images_deleted" in found and found["visibility"] == "private"
                assert is_deleted or images.state(image_id) == before[image_id]
            if was_killed:
                program.take("rules", acme)
            assert is_in_bin(images, shared)
            assert is_in_bin(images, private)
            assert images.state(stuck) is None
            for image_id in (shared, private):
                program.take("restore", image_id)
            assert {id_: images.state(id_) for id_ in before} == before
            images.clean()
            if not was_killed:
                break
    assert call >= 5


@pytest.mark.usefixtures("without_rules")
def test_rules_of_another_domain_are_neither_seen_nor_changed(person: Person, cloud: Cloud) -> None:
    globex, rule = cloud.domain_id("globex"), {"kind": "duplicates"}
    url = f"{ADMIN.rules}stored/?domain={globex}"
    person("admin").post(url, rule)
    label = "Duplicates of an image of the same project"
    assert label in person("admin").get(ADMIN.rules, domain=globex).text
    other = person("acme-admin")
    assert label not in other.get(ADMIN.rules, domain=globex).text
    other.post(url, {**rule, "remove": "1"})
    assert label in person("admin").get(ADMIN.rules, domain=globex).text
    # For all domains, the cloud's admin alone.
    other.post(f"{ADMIN.rules}stored/?domain=all", rule)
    assert "helion_rules_of_all_domains" not in namespaces(cloud)
    assert label not in person("admin").get(ADMIN.rules, domain="all").text


@pytest.mark.usefixtures("without_rules")
def test_a_rule_that_nobody_here_has_signed_is_ignored(
    person: Person, cloud: Cloud, images: Images, snapshots: dict[str, str]
) -> None:
    """It is copied from another domain by an admin who knows Glance's API."""
    age(cloud, *snapshots.values())
    store(person("acme-admin"), "snapshots", 180)
    (name,) = namespaces(cloud)
    session, url = cloud.session("admin"), f"{cloud.glance.url}/v2/metadefs/namespaces"
    body = session.get(f"{url}/{name}").json()
    forged = f"helion_rules_{cloud.domain_id('globex')}"
    wanted = {"visibility": "private", "protected": True, "properties": body["properties"]}
    session.post(url, json={"namespace": forged, **wanted})
    session.put(
        f"{url}/{name}/properties/rules",
        json={"name": "rules", **body["properties"]["rules"], "description": "[]:forged"},
    )
    found = entries(cloud, 2)
    assert [(each["id"], each["rule"], each["done"]) for each in found] == [(None, None, False)] * 2
    assert all("not signed" in each["error"] for each in found)
    assert not any(is_in_bin(images, id_) for id_ in snapshots.values())
    assert "has not signed" in person("acme-admin").get(ADMIN.rules).text
    page = person("admin").get(ADMIN.rules, domain=cloud.domain_id("globex"))
    assert "has not signed" in page.text


@pytest.mark.usefixtures("without_rules")
def test_a_member_stores_nothing(person: Person, cloud: Cloud) -> None:
    assert "Only an admin" in person("alice").get(PROJECT.rules).text
    assert person("alice").post(f"{ADMIN.rules}stored/", {"kind": "duplicates"}).status == 403
    with pytest.raises((Forbidden, NotFound)):
        cloud.session("alice").post(
            f"{cloud.glance.url}/v2/metadefs/namespaces", json={"namespace": "helion_rules_x"}
        )
    assert namespaces(cloud) == []
