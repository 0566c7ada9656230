# SPDX-License-Identifier: Apache-2.0
"""End dates on a real Glance: set, put off, done by the command, and refused."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.cloud import Cloud
from demo.horizon import Horizon
from helion_images_panel.core.end_dates import MARK, PROPERTY, EndDates, record
from helion_images_panel.core.image import Image
from tests.integration import spoiled_dashboard, spoiler
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images
from tests.integration.lifecycle import environment, run
from tests.integration.panels import PANELS, PROJECT
from tests.integration.spoiler import Spoiler

Person = Callable[[str], Dashboard]

FIELDS = ("deprecate_on", "deactivate_on", "delete_on")


def day(days: int | None) -> str:
    return "" if days is None else (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def set_dates(user: Dashboard, panel: str, image_id: str, *days: int | None, **more: str) -> Page:
    form = user.get(PANELS[panel].end_dates(image_id)).form("deprecate_on")
    dates = dict(zip(FIELDS, (day(each) for each in (*days, None, None, None)), strict=False))
    return user.submit(form, **dates, **more)


@pytest.mark.parametrize(
    ("who", "panel"), [("alice", "project"), ("acme-admin", "admin"), ("mona", "domain")]
)
def test_a_day_that_has_come_takes_effect_and_is_undone(
    person: Person, images: Images, who: str, panel: str
) -> None:
    user, owner = person(who), "acme-data" if panel == "domain" else "acme-web"
    image_id = images.make("ends", owner, hw_disk_bus="virtio")
    newer = images.make("newer", owner)
    before = images.state(image_id)

    page = set_dates(user, panel, image_id, -2, 0, 30, replacement=images.name(newer))
    assert not page.errors, page.errors
    image = images.show(image_id)
    assert (image["os_hidden"], image["status"]) == (True, "deactivated")
    details = user.get(PANELS[panel].detail(image_id))
    assert "This image is deprecated since" in details.text
    assert f"Use {images.name(newer)} instead." in details.text
    assert image_id in user.get(PANELS[panel].index, ends="obsolete").rows

    page = set_dates(user, panel, image_id, -2, 9, replacement="", replacement_id="")
    assert not page.errors, page.errors
    image = images.show(image_id)
    assert (image["os_hidden"], image["status"]) == (True, "active")
    assert image_id in user.get(PANELS[panel].index, ends="deprecated").rows

    set_dates(user, panel, image_id)
    assert images.state(image_id) == before


@pytest.mark.parametrize(
    ("who", "panel", "status"),
    [
        # Published to them, shared with nobody, in another domain, and read only.
        ("bob", "project", 403),
        ("gina", "project", 403),
        ("acme-admin", "admin", 404),
    ],
)
def test_who_may_not(person: Person, images: Images, who: str, panel: str, status: int) -> None:
    owner = "globex-ops" if panel == "admin" else "acme-web"
    image_id = images.make("not yours", owner, visibility="public")
    before = images.state(image_id)
    user, path = person(who), PANELS[panel].end_dates(image_id)
    assert user.get(path).status == status
    answer = user.post(path, {"deprecate_on": day(0), "seen": ",,,,"})
    assert answer.status == status
    assert images.state(image_id) == before


def test_the_replacement_is_one_that_the_user_sees(person: Person, images: Images) -> None:
    image_id, secret = images.make("old"), images.make("secret", "globex-ops")
    for who, panel in (("alice", "project"), ("acme-admin", "admin")):
        search = PANELS[panel].replacement_search(image_id)
        for text in (secret, images.name(secret)):
            page = set_dates(person(who), panel, image_id, 3, replacement=text)
            assert "Image not found." in page.text
            found = person(who).get(search, q=text).response.json()
            assert found == {"found": []}
    assert PROPERTY not in images.show(image_id)


def signed(image_id: str, *days: int | None) -> dict[str, str | None]:
    """The record of dates, as an earlier day has set them."""
    now = datetime.now(UTC).date()
    found = [None if each is None else now + timedelta(days=each) for each in days]
    return dict(record(Image(image_id), EndDates(*found)))


def test_the_command_does_what_is_due_and_signed(
    person: Person, cloud: Cloud, images: Images
) -> None:
    steps: dict[str, tuple[int | None, ...]] = {
        "hide": (-1,),
        "deactivate": (-2, -1),
        "delete": (None, None, 0),
    }
    due = {step: images.make(step) for step in steps}
    for step, image_id in due.items():
        images.update(image_id, **signed(image_id, *steps[step]))
    later, locked = images.make("later"), images.make("locked", protected=True)
    ended = images.make("protected until today", protected=True)
    images.update(ended, **signed(ended, None, None, None, 0))
    images.update(later, **signed(later, 1, 2, 3))
    images.update(locked, **signed(locked, None, None, -1))
    foreign = images.make("foreign", "globex-ops")
    images.update(foreign, **signed(foreign, -1))
    copied, forged = images.make("copied"), images.make("forged")
    text = signed(later, 1, 2, 3)[PROPERTY] or ""
    images.update(copied, **{PROPERTY: signed(due["hide"], -1)[PROPERTY], MARK: "true"})
    images.update(forged, **{PROPERTY: text.replace(later, forged), MARK: "true"})
    untouched = {id_: images.state(id_) for id_ in (later, locked, copied, forged, foreign)}

    found = run(cloud, "--dry-run", "--json", "--domain", "acme")
    assert found.returncode == 3, found.stderr
    planned = {entry["id"]: entry for entry in json.loads(found.stdout)["images"]}
    ours = {*due.values(), locked, ended, later, copied, forged, foreign}
    expected = {
        **{id_: step for step, id_ in due.items()},
        **{locked: "delete", ended: "unprotect"},
    }
    assert {id_: planned[id_]["step"] for id_ in ours & planned.keys()} == expected
    assert not any(entry["done"] for entry in planned.values())

    done = run(cloud, "--json", "--domain", "acme")
    assert done.returncode == 0, done.stderr
    entries = {entry["id"]: entry for entry in json.loads(done.stdout)["images"]}
    assert entries[locked]["kept"] == "it is protected"
    assert all(entries[id_]["done"] for id_ in due.values())
    assert images.show(due["hide"])["os_hidden"] is True
    assert images.show(ended)["protected"] is False
    assert images.status(due["deactivate"]) == "deactivated"
    assert due["delete"] in person("alice").get(PROJECT.index, view="deleted").rows
    assert {id_: images.state(id_) for id_ in untouched} == untouched

    person("alice").act(PROJECT.index, "restore", due["delete"])
    assert images.status(due["delete"]) == "active"
    again = json.loads(run(cloud, "--json", "--domain", "acme").stdout)["images"]
    assert not {entry["id"] for entry in again} & set(due.values())


@pytest.fixture(scope="module")
def glance(cloud: Cloud) -> Iterator[Spoiler]:
    with spoiler.spoiler(cloud.glance.url) as between:
        yield between


@pytest.fixture(scope="module")
def behind(cloud: Cloud, glance: Spoiler) -> Iterator[Dashboard]:
    with spoiled_dashboard.behind(cloud, glance, "end-dates") as alice:
        yield alice


@pytest.mark.parametrize("spoil", ["reset", "403"])
def test_broken_off_and_finished_by_the_command(
    behind: Dashboard, glance: Spoiler, cloud: Cloud, images: Images, spoil: str
) -> None:
    image_id = images.make("broken off")
    before = images.state(image_id)
    glance.only = "/actions/"
    glance.set(spoil)
    try:
        page = set_dates(behind, "project", image_id, 0, 0)
    finally:
        glance.set("")
    assert "not all that they ask for was done" in page.text
    assert run(cloud, "--domain", "acme").returncode == 0
    assert images.status(image_id) == "deactivated"
    set_dates(behind, "project", image_id)
    assert images.state(image_id) == before


def test_a_deprecated_image_is_not_offered_for_new_instances(
    person: Person, images: Images
) -> None:
    """The dialog Launch Instance lists what this address of Horizon returns."""
    alice, old, new = person("alice"), images.make("old"), images.make("new")
    set_dates(alice, "project", old, 0, replacement=images.name(new))

    def is_offered(image_id: str) -> bool:
        answer = alice.session.get(
            f"{alice.base}/api/glance/images/",
            params={"name": images.name(image_id)},
            headers={"X-Requested-With": "XMLHttpRequest"},
            timeout=60,
        )
        return image_id in [image["id"] for image in answer.json()["items"]]

    assert is_offered(new)
    assert not is_offered(old)
    set_dates(alice, "project", old)
    assert is_offered(old)


@pytest.fixture
def with_cache(cloud: Cloud, tmp_path: Path) -> Horizon:
    """The settings of a dashboard whose processes have one cache, as the guide has it."""
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    caches = {"default": {"BACKEND": backend, "LOCATION": str(tmp_path)}}
    horizon = Horizon(
        cloud.state, cloud.keystone, settings={"CACHES": caches}, name="horizon-one-cache"
    )
    horizon.configure()
    return horizon


def test_one_run_of_the_command_at_a_time(
    cloud: Cloud, images: Images, with_cache: Horizon
) -> None:
    """The second one changes nothing, and names the first, which goes on."""

    def run_with_cache(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run(cloud, *arguments, horizon=with_cache)

    image_id = images.make("one run")
    images.update(image_id, **signed(image_id, -1))
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDING, cloud.domain_id("acme")],
        env=environment(cloud, horizon=with_cache),
        cwd=with_cache.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    assert holder.stdin
    try:
        assert holder.stdout.readline().strip() == "held"
        for arguments in (["--domain", "acme"], []):
            second = run_with_cache(*arguments)
            assert second.returncode == 1, second.stdout + second.stderr
            assert f"process {holder.pid}, since 20" in second.stderr
        assert images.show(image_id)["os_hidden"] is False
        # It changes nothing anyway; and another domain is another run.
        assert run_with_cache("--dry-run", "--domain", "acme").returncode == 3
        assert run_with_cache("--domain", "globex").returncode == 0
    finally:
        holder.communicate("\n", timeout=60)
    assert run_with_cache("--domain", "acme").returncode == 0
    assert images.show(image_id)["os_hidden"] is True


#: Holds the lock of a run, as the command does, until a line comes.
HOLDING = """
import sys
import django
django.setup()
from helion_images_panel.api.credentials import request_from_environment
from helion_images_panel.publishing.one_run import exclusive
with exclusive(request_from_environment(), sys.argv[1:]):
    print("held", flush=True)
    sys.stdin.readline()
"""
