# SPDX-License-Identifier: Apache-2.0
"""The command that cron runs, as a process of its own with the usual credentials."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.cloud import Cloud
from helion_images_panel.core.step_time import ADDITIONS_BEGIN_WITHIN_S
from tests.integration.client import Dashboard
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, PROJECT
from tests.integration.publishing import publish
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(cloud: Cloud) -> Run:
    def command(
        *arguments: str, user: str = "admin", **changed: str
    ) -> subprocess.CompletedProcess[str]:
        environment: Mapping[str, str] = {
            **os.environ,
            **cloud.horizon.environment(),
            **cloud.environment(user),
            "PYTHONWARNINGS": "ignore",
            **changed,
        }
        return subprocess.run(
            [sys.executable, "-m", "django", "helion_images_sync", *arguments],
            env=dict(environment),
            cwd=cloud.horizon.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    return command


@pytest.fixture
def new_project(cloud: Cloud) -> Iterator[str]:
    session, url = cloud.session("admin"), f"{cloud.keystone.auth_url}/projects"
    body = {"project": {"name": unique("project"), "domain_id": cloud.domain_id("acme")}}
    project_id = str(session.post(url, json=body).json()["project"]["id"])
    yield project_id
    session.delete(f"{url}/{project_id}")


@pytest.fixture
def published(person: Callable[[str], Dashboard], images: Images) -> str:
    image_id = images.make("to-sync")
    assert publish(person("acme-admin"), ADMIN, image_id, "domain").reached == 3
    return image_id


@only_thorough
def test_drift_is_found_mended_and_gone(
    cloud: Cloud, run: Run, images: Images, published: str, request: pytest.FixtureRequest
) -> None:
    assert run("--dry-run").returncode == 0
    project_id = request.getfixturevalue("new_project")
    before = images.members(published)
    found = run("--dry-run", "--domain", "acme", "--json")
    assert found.returncode == 3
    (entry,) = [each for each in json.loads(found.stdout)["images"] if each["id"] == published]
    assert (entry["reached"], entry["total"], entry["drifted"]) == (3, 4, True)
    assert entry["plan"] == {"add": [project_id], "accept": [], "remove": []}
    assert f"{project_id} to add" in run("--dry-run").stdout
    assert images.members(published) == before
    mended = run()
    assert mended.returncode == 0, mended.stderr
    assert f"{project_id} added" in mended.stdout
    assert images.members(published) == {**before, project_id: "accepted"}
    assert run("--dry-run").returncode == 0
    token = cloud.session("admin").get_token() or ""
    assert token not in found.stdout + found.stderr + mended.stdout + mended.stderr


def test_only_the_domain_that_is_meant(
    run: Run, images: Images, published: str, new_project: str
) -> None:
    assert run("--domain", "globex").returncode == 0
    assert new_project not in images.members(published)


@only_thorough
def test_what_nobody_signed_gives_nothing(run: Run, images: Images, published: str) -> None:
    forged = images.make("forged", "globex-ops", visibility="shared")
    note = str(images.show(published)["helion_images_published"])
    # A copied note is true of another image; one that was changed may be of another key.
    for value, unverified in ((note, []), (note.replace(published, forged), [forged])):
        images.update(forged, helion_images_published=value)
        done = run("--json")
        assert done.returncode == (2 if unverified else 0)
        told = json.loads(done.stdout)
        assert forged not in {entry["id"] for entry in told["images"]}
        assert told["unverified"] == unverified
        assert (forged in done.stderr) == bool(unverified)
        assert images.members(forged) == {}
    # Its owner is in another domain.
    assert run("--domain", "acme").returncode == 0


def test_a_wrong_key_is_told(
    cloud: Cloud, run: Run, images: Images, published: str, tmp_path: Path, new_project: str
) -> None:
    """Horizon can keep one key for each host."""
    (tmp_path / "settings_of_another_host.py").write_text(
        "from openstack_dashboard.settings import *\nSECRET_KEY = 'of another host'\n"
    )
    path = cloud.horizon.environment()["PYTHONPATH"]
    before = images.members(published)
    done = run(
        DJANGO_SETTINGS_MODULE="settings_of_another_host",
        PYTHONPATH=os.pathsep.join([str(tmp_path), path]),
    )
    assert done.returncode == 2
    assert published in done.stderr
    assert "SECRET_KEY" in done.stderr
    assert images.members(published) == before


def test_an_image_that_went_to_another_domain_is_not_shared_on(
    cloud: Cloud, run: Run, images: Images, published: str
) -> None:
    before = images.members(published)
    images.update(published, owner=cloud.project_id("globex-ops"))
    done = run("--json")
    assert done.returncode == 2
    (entry,) = [each for each in json.loads(done.stdout)["images"] if each["id"] == published]
    assert "not in that domain" in entry["error"]
    assert images.members(published) == before


@only_thorough
@pytest.mark.parametrize(
    "arguments",
    [
        {"OS_PASSWORD": "wrong"},
        {"OS_AUTH_URL": "http://127.0.0.1:1/v3"},
        {"OS_CLOUD": "no-such-cloud"},
    ],
)
def test_without_good_credentials_it_says_so(run: Run, arguments: dict[str, str]) -> None:
    done = run(**arguments)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("helion_images_sync: ")
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


@only_thorough
def test_unknown_domain(run: Run) -> None:
    done = run("--domain", "nowhere")
    assert (done.returncode, done.stdout) == (1, "")


@only_thorough
def test_names_cannot_act_on_a_terminal_or_a_mail(
    run: Run, images: Images, published: str, new_project: str
) -> None:
    forged = images.make("forged", visibility="shared")
    note = str(images.show(published)["helion_images_published"])
    images.update(forged, helion_images_published=note.replace(published, forged))
    name = "a\x1b]0;b\x07\x9b2J\u202egnp\u2066\u2028Subject: c\x85d\u200b\nimage: in sync"
    for image_id in (published, forged):
        images.update(image_id, name=name)
    for arguments in (("--dry-run",), ("--json",), ()):
        done = run(*arguments)
        assert published in done.stdout
        for text in (done.stdout, done.stderr.partition("helion_images_sync: ")[2]):
            unsafe = {character for character in text if not character.isprintable()}
            assert unsafe <= {"\n"}, ascii(unsafe)
            assert not any(line.startswith("image: in sync") for line in text.splitlines())
    assert run("--domain", name).returncode == 1


#: Ends the process when Glance has removed a member, or before it adds one, as a crash in that
#: moment would.
KILLED_SETTINGS = """
import os
from glanceclient.common.http import HTTPClient
from openstack_dashboard.settings import *

_delete, _post = HTTPClient.delete, HTTPClient.post


def delete(self, url, **kwargs):
    answer = _delete(self, url, **kwargs)
    if "/members/" in url:
        os._exit(137)
    return answer


def post(self, url, **kwargs):
    if url.endswith("/members"):
        os._exit(137)
    return _post(self, url, **kwargs)


HTTPClient.delete, HTTPClient.post = delete, post
"""

#: The same when Glance has added a member.
KILLED_AFTER_ADDING = KILLED_SETTINGS.replace(
    """        os._exit(137)
    return _post(self, url, **kwargs)""",
    """        _post(self, url, **kwargs)
        os._exit(137)
    return _post(self, url, **kwargs)""",
)

#: A record of this length takes no project more.
SHORT_RECORDS = """
from helion_images_panel.core import publication
from openstack_dashboard.settings import *

publication.MAX_RECORD_BYTES = 2200
"""


@pytest.fixture
def run_with(cloud: Cloud, run: Run, tmp_path: Path) -> Run:
    """The command with these settings instead of Horizon's."""

    def command(settings: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "settings_of_the_test.py").write_text(settings)
        path = os.pathsep.join([str(tmp_path), cloud.horizon.environment()["PYTHONPATH"]])
        return run(*arguments, DJANGO_SETTINGS_MODULE="settings_of_the_test", PYTHONPATH=path)

    return command


def assert_given_to_nobody(images: Images, image_id: str) -> None:
    image = images.show(image_id)
    assert image["visibility"] == "private"
    assert "helion_images_published" not in image
    # Glance shows members of shared images only, and brings old ones back.
    images.update(image_id, visibility="shared")
    assert images.members(image_id) == {}


@only_thorough
def test_the_next_run_adds_what_a_killed_one_did_not(
    run: Run,
    run_with: Run,
    person: Callable[[str], Dashboard],
    images: Images,
    published: str,
    new_project: str,
) -> None:
    """What is given is recorded first: nothing is left behind by Unpublish."""
    before = images.members(published)
    killed = run_with(KILLED_SETTINGS, "--domain", "acme")
    assert killed.returncode == 137, killed.stderr
    assert images.members(published) == before
    assert new_project in images.show(published)["helion_images_published"]
    found = run("--dry-run", "--domain", "acme", "--json")
    (entry,) = [each for each in json.loads(found.stdout)["images"] if each["id"] == published]
    assert entry["plan"]["add"] == [new_project]
    assert run("--domain", "acme").returncode == 0
    assert images.members(published) == {**before, new_project: "accepted"}
    person("acme-admin").act(ADMIN.index, "unpublish", published)
    assert_given_to_nobody(images, published)


@only_thorough
def test_unpublish_after_a_run_that_was_killed_before_it_added(
    run_with: Run,
    person: Callable[[str], Dashboard],
    images: Images,
    published: str,
    new_project: str,
) -> None:
    assert run_with(KILLED_SETTINGS, "--domain", "acme").returncode == 137
    assert new_project in images.show(published)["helion_images_published"]
    person("acme-admin").act(ADMIN.index, "unpublish", published)
    assert_given_to_nobody(images, published)


@only_thorough
def test_unpublish_after_a_run_that_was_killed_when_it_had_added(
    run_with: Run,
    person: Callable[[str], Dashboard],
    images: Images,
    published: str,
    new_project: str,
) -> None:
    assert run_with(KILLED_AFTER_ADDING, "--domain", "acme").returncode == 137
    assert images.members(published)[new_project] == "pending"
    person("acme-admin").act(ADMIN.index, "unpublish", published)
    assert_given_to_nobody(images, published)


def share_by_command_line(cloud: Cloud, image_id: str, project_id: str) -> None:
    """It knows nothing of the record: the time of the member has to differ from the run's."""
    written = cloud.glance_client("admin").images.get(image_id)["updated_at"]
    end = datetime.fromisoformat(written) + timedelta(seconds=ADDITIONS_BEGIN_WITHIN_S + 4)
    wait_until(lambda: datetime.now(UTC), lambda now: now > end, "the run's time to be over")
    members = f"{cloud.glance.url}/v2/images/{image_id}/members"
    cloud.session("admin").post(members, json={"member": project_id})
    cloud.session("admin").put(f"{members}/{project_id}", json={"status": "accepted"})


@only_thorough
def test_a_share_after_a_run_that_was_killed_before_it_added(
    cloud: Cloud,
    run_with: Run,
    person: Callable[[str], Dashboard],
    images: Images,
    published: str,
    new_project: str,
) -> None:
    """Unpublish takes back what Publish has given, and no share of a user."""
    assert run_with(KILLED_SETTINGS, "--domain", "acme").returncode == 137
    assert new_project in images.show(published)["helion_images_published"]
    share_by_command_line(cloud, published, new_project)
    person("acme-admin").act(ADMIN.index, "unpublish", published)
    assert images.members(published) == {new_project: "accepted"}
    assert images.show(published)["visibility"] == "shared"


@only_thorough
def test_a_share_with_the_panel_after_a_run_that_was_killed_before_it_added(
    run_with: Run,
    person: Callable[[str], Dashboard],
    images: Images,
    published: str,
    new_project: str,
) -> None:
    """The panel knows the record, and needs no time."""
    assert run_with(KILLED_SETTINGS, "--domain", "acme").returncode == 137
    tab = person("alice")
    shared = tab.submit(tab.get(PROJECT.share(published)).form("projects"), projects=new_project)
    assert any(text.startswith("Success") for text in shared.messages), shared.text
    assert new_project not in images.show(published)["helion_images_published"]
    person("acme-admin").act(ADMIN.index, "unpublish", published)
    assert images.members(published) == {new_project: "pending"}


@only_thorough
def test_a_record_that_would_be_too_long_is_refused_beforehand(
    run: Run, run_with: Run, images: Images, published: str, new_project: str
) -> None:
    before = images.state(published)
    done = run_with(SHORT_RECORDS, "--domain", "acme", "--json")
    assert done.returncode == 2, done.stderr
    (entry,) = [each for each in json.loads(done.stdout)["images"] if each["id"] == published]
    assert "cannot record that many" in entry["error"]
    assert images.state(published) == before
    # The limit itself is that of the settings: with the real one there is room.
    assert run("--domain", "acme").returncode == 0
    assert new_project in images.members(published)


@only_thorough
@pytest.mark.parametrize("is_synced", [True, False], ids=["synced", "not-synced"])
def test_a_share_after_a_killed_run_is_left_by_unpublish(
    cloud: Cloud,
    run: Run,
    run_with: Run,
    person: Callable[[str], Dashboard],
    images: Images,
    new_project: str,
    is_synced: bool,
) -> None:
    image_id = images.make("killed")
    assert publish(person("acme-admin"), ADMIN, image_id, "domain").reached == 4
    url = f"{cloud.keystone.auth_url}/projects/{new_project}"
    cloud.session("admin").patch(url, json={"project": {"enabled": False}})
    killed = run_with(KILLED_SETTINGS)
    assert killed.returncode == 137, killed.stderr
    assert new_project not in images.members(image_id)
    assert new_project in images.show(image_id)["helion_images_published"]
    if is_synced:
        assert run("--domain", "acme").returncode == 0
        assert new_project not in images.show(image_id)["helion_images_published"]
    cloud.session("admin").patch(url, json={"project": {"enabled": True}})
    # With the command line of the image service, which knows nothing of the record.
    members = f"{cloud.glance.url}/v2/images/{image_id}/members"
    cloud.session("admin").post(members, json={"member": new_project})
    cloud.session("admin").put(f"{members}/{new_project}", json={"status": "accepted"})
    person("acme-admin").act(ADMIN.index, "unpublish", image_id)
    assert images.members(image_id) == {new_project: "accepted"}
    assert images.show(image_id)["visibility"] == "shared"
