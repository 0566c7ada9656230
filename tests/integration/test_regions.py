# SPDX-License-Identifier: Apache-2.0
"""Two regions, each with a Keystone and a Glance of its own, in one dashboard with one cache.

The second Keystone is a copy of the first one, so that all IDs are the same, with another
name of a project.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import requests
from keystoneauth1.identity import v3
from keystoneauth1.session import Session
from keystoneclient.v3.client import Client

from demo import ports
from demo.cloud import Cloud
from demo.keystone import Directory, Keystone
from tests.dashboards import dashboard
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import ADMIN
from tests.integration.spoiler import spoiler
from tests.thorough import only_thorough

pytestmark = only_thorough

NAME, OTHER_NAME = "acme-data", "elsewhere"


def copied(cloud: Cloud) -> Keystone:
    """A Keystone with the IDs and the keys of the cloud's own, not started."""
    keystone = Keystone(cloud.state, "keystone-elsewhere")
    keystone.port = ports.assign({"keystone": None}, [each.port for each in cloud.services])[
        "keystone"
    ]
    shutil.rmtree(keystone.folder, ignore_errors=True)
    keystone.configure()
    for name in ("fernet-keys", "credential-keys"):
        shutil.copytree(cloud.keystone.folder / name, keystone.folder / name)
    with (
        closing(sqlite3.connect(cloud.keystone.database)) as source,
        closing(sqlite3.connect(keystone.database)) as target,
    ):
        source.backup(target)
    return keystone


def set_apart(cloud: Cloud, keystone: Keystone, glance_url: str) -> None:
    """Give the copy a catalog of its own, and another name to the project."""
    admin = cloud.user("admin")
    password = v3.Password(
        keystone.auth_url,
        username=admin.name,
        password=admin.password,
        user_domain_name=admin.domain,
        project_name=admin.project,
        project_domain_name=admin.domain,
    )
    direct = requests.Session()
    direct.trust_env = False
    session = Session(auth=password, session=direct)
    Directory(session, keystone.auth_url).make_catalog(
        {"identity": ("keystone", keystone.auth_url), "image": ("glance", glance_url)}
    )
    api = Client(session=session, endpoint_override=keystone.auth_url)
    api.projects.update(cloud.project_id(NAME), name=OTHER_NAME)


@pytest.fixture(scope="module")
def log_in(cloud: Cloud) -> Iterator[Callable[[str], Dashboard]]:
    """The admin of acme, logged in to one of the regions."""
    keystone = copied(cloud)
    try:
        keystone.start()
        with spoiler(cloud.glance.url) as glance:
            set_apart(cloud, keystone, glance.url)
            regions = [(cloud.keystone.auth_url, "Here"), (keystone.auth_url, "There")]
            settings = {"AVAILABLE_REGIONS": regions}
            with dashboard(cloud, "regions", settings) as horizon:

                def log_in_to(region: str) -> Dashboard:
                    person, user = Dashboard(horizon.url), cloud.user("acme-admin")
                    form = person.get("/auth/login/").form("username")
                    options = dict(zip(["Here", "There"], form.options("region"), strict=True))
                    page = person.submit(
                        form,
                        username=user.name,
                        password=user.password,
                        domain=user.domain,
                        region=options[region],
                    )
                    assert not page.is_login, page.text
                    return person

                yield log_in_to
    finally:
        keystone.stop()


def test_the_names_of_projects(
    cloud: Cloud, log_in: Callable[[str], Dashboard], images: Images
) -> None:
    """Whichever region is looked at first, and again after the other one."""
    image_id = images.make("region", NAME, visibility="shared")
    images.share(image_id, "acme-lab")
    here, there = log_in("Here"), log_in("There")
    pages = {
        "list": ADMIN.index,
        "details": ADMIN.detail(image_id),
        "export": f"{ADMIN.index}export/json/",
        "owners": ADMIN.owner_search(image_id) + "?q=e",
    }
    named: dict[str, list[list[bool]]] = {}
    for kind, path in pages.items():
        for person in (here, there, here):
            page = person.get(path)
            assert page.status == 200, (kind, page.text)
            found = [name in page.html for name in (NAME, OTHER_NAME)]
            named.setdefault(kind, []).append(found)
    mixed = {kind: seen for kind, seen in named.items() if seen[1][0] or seen[0][1] or seen[2][1]}
    assert not mixed
    assert named["list"] == named["export"] == [[True, False], [False, True], [True, False]]
