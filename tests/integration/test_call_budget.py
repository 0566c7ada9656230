# SPDX-License-Identifier: Apache-2.0
"""How often a page asks Glance and Keystone, by their own access logs."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from demo import imagefiles
from demo.accounts import PROJECTS
from demo.cloud import Cloud
from demo.service import Service
from helion_images_panel.core.family import FORMER, LATEST, Family, family_property
from tests.integration.client import Dashboard
from tests.integration.images import DATA, Images, unique
from tests.integration.panels import ADMIN, PROJECT
from tests.integration.waiting import wait_until

pytestmark = pytest.mark.with_frame

REQUEST = re.compile(r'"([A-Z]+) (/\S*) HTTP/1\.1" (\d{3})')

#: Not the panel's doing: Glance has Keystone look at tokens and, to tell what a
#: project uses, at its limits; and the frame of every page of Horizon has a menu
#: of the user's projects.
NOT_COUNTED = re.compile(
    r"/v3/auth/tokens|/v3/(registered_)?limits|/v3/(regions|services|endpoints)\b"
    r"|/v3/users/[^/]+/projects|/v3/?(\?|$)|/healthcheck"
)


#: What Glance itself asks Keystone, and the tests' own requests.
NOT_OF_HORIZON = re.compile(r"/v3/auth/tokens|/v3/limits|/healthcheck|/v3/?\?it-fence")

#: A page of Horizon itself, with hardly anything on it.
BARE_PAGE = "/settings/"


class Log:
    """The requests that a service logs from now on."""

    def __init__(self, service: Service):
        self.service = service
        self.start = 0
        self.start += len(self._until_now())

    def _until_now(self) -> bytes:
        """The log so far: a request of our own marks the end."""
        fence = unique("fence")
        Dashboard(self.service.url).get(f"{self.service.health_path}?{fence}")
        return wait_until(
            lambda: self.service.log.read_bytes()[self.start :],
            lambda text: fence.encode() in text and text.endswith(b"\n"),
            "the log to be written",
        )

    def requests(self, not_counted: re.Pattern[str] = NOT_COUNTED) -> list[str]:
        found = REQUEST.finditer(self._until_now().decode(errors="replace"))
        requests = [(match[1], match[2]) for match in found]
        return [f"{verb} {url}" for verb, url in requests if not not_counted.match(url)]


@dataclass
class Cost:
    glance: list[str]
    keystone: list[str]


def wait_until_quiet(service: Service) -> None:
    """Until all that was asked before is in the log: a line may come later than its answer."""
    sizes: list[int] = []

    def is_quiet() -> bool:
        sizes.append(service.log.stat().st_size)
        return len(sizes) >= 5 and len(set(sizes[-5:])) == 1

    wait_until(is_quiet, bool, f"the log of {service.name} to be quiet")


@pytest.fixture
def cost_of(cloud: Cloud) -> Callable[[Dashboard, str], Cost]:
    def measure(dashboard: Dashboard, path: str) -> Cost:
        for service in (cloud.glance, cloud.keystone):
            wait_until_quiet(service)
        glance, keystone = Log(cloud.glance), Log(cloud.keystone)
        page = dashboard.get(path)
        assert page.status == 200
        assert not page.errors
        return Cost(glance.requests(), keystone.requests())

    return measure


@pytest.fixture
def cost_again(cost_of: Callable[[Dashboard, str], Cost]) -> Callable[[Dashboard, str], Cost]:
    """The cost of a page that was asked for a moment ago.

    Of two measurements the cheaper: what the dashboard remembers of projects
    may have come to its end just before the other.
    """

    def measure(dashboard: Dashboard, path: str) -> Cost:
        cost_of(dashboard, path)
        costs = (cost_of(dashboard, path), cost_of(dashboard, path))
        return min(costs, key=lambda cost: len(cost.keystone))

    return measure


@pytest.fixture(scope="module")
def many(kept_images: Images) -> list[str]:
    """Rows of three projects, so that a call per row or owner would show."""
    owners = ("acme-web", "acme-data", "acme-lab")
    return [kept_images.make("budget", owners[i % 3], data=None) for i in range(24)]


def test_project_list(
    person: Callable[[str], Dashboard], cost_of: Callable[[Dashboard, str], Cost], many: list[str]
) -> None:
    cost = cost_of(person("alice"), PROJECT.index)
    assert len(cost.glance) == 1, cost.glance
    assert cost.keystone == []


def test_project_list_of_a_store(
    person: Callable[[str], Dashboard], cost_of: Callable[[Dashboard, str], Cost], many: list[str]
) -> None:
    """Glance cannot filter by store: the images are looked at in one portion."""
    cost = cost_of(person("alice"), f"{PROJECT.index}?store=fast")
    assert len(cost.glance) == 1, cost.glance
    assert cost.keystone == []


def test_project_list_takes_as_many_requests_as_a_page_of_horizon(
    cloud: Cloud, person: Callable[[str], Dashboard], many: list[str]
) -> None:
    """The frame of a page has requests of its own; here nothing of them is left out.

    The list has one to Glance, and none for the versions of Keystone, which are remembered.
    """
    alice = person("alice")

    def requests_of(path: str) -> tuple[list[str], list[str]]:
        alice.get(path)
        for service in (cloud.glance, cloud.keystone):
            wait_until_quiet(service)
        glance, keystone = Log(cloud.glance), Log(cloud.keystone)
        assert alice.get(path).status == 200
        return glance.requests(NOT_OF_HORIZON), keystone.requests(NOT_OF_HORIZON)

    # Of two, since what is remembered may have come to its end just before the other.
    glance, keystone = min(
        (requests_of(PROJECT.index) for _ in range(2)), key=lambda of: len(of[1])
    )
    bare_glance, bare_keystone = requests_of(BARE_PAGE)
    assert [request.partition("?")[0] for request in glance] == ["GET /v2/images"]
    assert bare_glance == []
    versions = [request for request in bare_keystone if re.fullmatch("GET /v3/?", request)]
    assert len(versions) == 1, bare_keystone
    assert sorted(keystone + versions) == sorted(bare_keystone)


def test_project_list_with_earlier_versions_of_other_pages(
    cloud: Cloud,
    log_in: Callable[[str], Dashboard],
    cost_of: Callable[[Dashboard, str], Cost],
    images: Images,
) -> None:
    """One request for the latest versions of all, and up to three to go on behind them."""
    alice, owner = log_in("alice"), cloud.project_id("acme-web")
    alice.session.cookies.set("API_RESULT_PAGE_SIZE", "4")
    for family in ("one", "two"):
        for role, version in ((LATEST, ""), (FORMER, "1"), (FORMER, "2"), (FORMER, "3")):
            image_id = str(uuid.uuid4())
            name = f"0 {family}" + (f" ({version})" if version else "")
            record = family_property(image_id, owner, Family(family, version, role))
            images.make("version", id=image_id, data=None, **{**record, "name": name})
    cost = cost_of(alice, f"{PROJECT.index}?sort=-created")
    assert len(cost.glance) <= 1 + 1 + 3, cost.glance
    assert sum("name=in" in request for request in cost.glance) <= 1, cost.glance
    assert cost.keystone == []
    # A list that several lists make up takes none more for them.
    admin = log_in("acme-admin")
    admin.session.cookies.set("API_RESULT_PAGE_SIZE", "4")
    path = f"{ADMIN.index}?sort=-name"
    for _ in range(3):
        path = admin.get(path).next_url or ""
        cost = cost_of(admin, path)
        assert len(cost.glance) <= 3 + 4, cost.glance
        assert not any("name=in" in request for request in cost.glance), cost.glance


def test_project_list_of_an_admin(
    person: Callable[[str], Dashboard], cost_of: Callable[[Dashboard, str], Cost], many: list[str]
) -> None:
    """Two lists, the project's and the public one, and up to 4 calls for their order."""
    cost = cost_of(person("acme-admin"), PROJECT.index)
    assert len(cost.glance) <= 2 + 4, cost.glance
    assert cost.keystone == []


@pytest.mark.parametrize("page", ["first", "next"])
def test_list_of_a_domain(
    person: Callable[[str], Dashboard],
    cost_again: Callable[[Dashboard, str], Cost],
    many: list[str],
    page: str,
) -> None:
    """One list for each of the three projects, and up to 4 calls for their order."""
    path = ADMIN.index
    if page == "next":
        path = person("acme-admin").get(path).next_url or ""
    cost = cost_again(person("acme-admin"), path)
    assert len(cost.glance) <= 3 + 4, cost.glance
    assert cost.keystone == [], "the domain's projects were known from the page before"


def test_storage(
    person: Callable[[str], Dashboard], cost_of: Callable[[Dashboard, str], Cost], many: list[str]
) -> None:
    """The images and the hidden ones of each of the three projects, and of those in use; the
    figures by day, which are made once; then the cached figures.
    """
    admin = person("acme-admin")
    admin.get(ADMIN.index)
    first = cost_of(admin, ADMIN.storage)
    assert len(first.glance) <= 2 * 3 + 2 + 3, first.glance
    assert first.keystone == []
    again = cost_of(admin, ADMIN.storage)
    assert (again.glance, again.keystone) == ([], [])


def test_rules(
    person: Callable[[str], Dashboard], cost_of: Callable[[Dashboard, str], Cost]
) -> None:
    """The page looks for the stored rules of an admin, and for nothing else."""
    admin = person("acme-admin")
    admin.get(ADMIN.index)
    cost = cost_of(admin, ADMIN.rules)
    assert len(cost.glance) == 1, cost.glance
    assert cost.keystone == []
    cost = cost_of(person("alice"), PROJECT.rules)
    assert (cost.glance, cost.keystone) == ([], [])


def test_list_of_all_domains(
    person: Callable[[str], Dashboard],
    cost_of: Callable[[Dashboard, str], Cost],
    cost_again: Callable[[Dashboard, str], Cost],
    many: list[str],
) -> None:
    """One list; the domains once, and each owner on the page once."""
    path = f"{ADMIN.index}?domain=all"
    first = cost_of(person("admin"), path)
    assert len(first.glance) == 1, first.glance
    assert len(first.keystone) <= 1 + len(PROJECTS), first.keystone
    again = cost_again(person("admin"), path)
    assert (len(again.glance), again.keystone) == (1, [])


def test_details(
    person: Callable[[str], Dashboard], cost_of: Callable[[Dashboard, str], Cost], images: Images
) -> None:
    """The image and its members; the stores once a minute, which may be now."""
    image_id = images.make("detail")
    cost = cost_of(person("alice"), PROJECT.detail(image_id))
    stores = "GET /v2/info/stores"
    assert [call for call in cost.glance if call != stores] == [f"GET /v2/images/{image_id}"]
    images.update(image_id, visibility="shared")
    cost = cost_of(person("alice"), PROJECT.detail(image_id))
    members = f"GET /v2/images/{image_id}/members"
    assert set(cost.glance) - {stores} == {f"GET /v2/images/{image_id}", members}
    assert len(cost.glance) <= 3


@pytest.mark.parametrize(("disk_format", "kernels"), [("qcow2", 0), ("raw", 4), ("aki", 4)])
def test_used_by(
    person: Callable[[str], Dashboard],
    cost_of: Callable[[Dashboard, str], Cost],
    images: Images,
    disk_format: str,
    kernels: int,
) -> None:
    """Beside what the page takes: a request for each property that names an origin, for the
    members, for each level above, and for each property of each of ten images below; for what may
    be a kernel four more. None for what was asked a moment ago.
    """
    base = images.make("base", base_image_ref=images.make("its base"))
    fields = {"disk_format": disk_format, "visibility": "shared", "base_image_ref": base}
    if disk_format == "aki":
        fields["container_format"] = "aki"
    data = imagefiles.qcow2(2**20, b"") if disk_format == "qcow2" else DATA
    image_id = images.make("used", data=data, **fields)
    for _ in range(12):
        images.make("below", base_image_ref=image_id, data=None)
    alice, path = person("alice"), f"{PROJECT.detail(image_id)}?tab=image_details__used_by"
    page = cost_of(alice, PROJECT.detail(image_id)).glance
    first, again = cost_of(alice, path).glance, cost_of(alice, path).glance
    own = [f"GET /v2/images/{image_id}", f"GET /v2/images/{image_id}/members"]
    assert set(own) <= set(page)
    asked = [call for call in first if call not in own and "/info/" not in call]
    named = Counter(re.findall(r"[?&](\w+_ref|\w+_id)=", " ".join(asked)))
    assert named["base_image_ref"] == named["image_id"] == 1 + 10
    assert named["kernel_id"] == named["ramdisk_id"] == kernels / 2
    assert f"GET /v2/images/{base}" in asked
    assert len(asked) == 2 + 2 * 10 + 2 + kernels
    assert len(again) <= len(page)
    # A confirmation takes the uses from there.
    assert len(cost_of(alice, f"{PROJECT.uses}?id={image_id}").glance) == 1


def test_the_uses_of_a_confirmation(
    person: Callable[[str], Dashboard], cost_of: Callable[[Dashboard, str], Cost], images: Images
) -> None:
    """All images in one list, and two requests for each; none again a moment later."""
    ids = [images.make("used", disk_format="qcow2", data=None) for _ in range(10)]
    path = f"{PROJECT.uses}?{'&'.join(f'id={image_id}' for image_id in ids)}"
    alice = person("alice")
    assert len(cost_of(alice, path).glance) == 1 + 2 * len(ids)
    assert len(cost_of(alice, path).glance) == 1


def test_versions(
    person: Callable[[str], Dashboard], cost_of: Callable[[Dashboard, str], Cost], images: Images
) -> None:
    """Beside what the page takes: the listed and the hidden versions; for a script, one request."""
    image_id, family = str(uuid.uuid4()), unique("family")
    owner = images.cloud.project_id("acme-web")
    record = family_property(image_id, owner, Family(family, "", LATEST))
    images.make("version", id=image_id, image_type="snapshot", **record)
    alice, path = person("alice"), f"{PROJECT.detail(image_id)}?tab=image_details__versions"
    asked = cost_of(alice, path).glance
    lists = [call for call in asked if call.startswith("GET /v2/images?")]
    assert len(lists) == 2
    assert {f"helion_images_family_name={family}" in call for call in lists} == {True}
    assert len([call for call in asked if "/info/" not in call]) == 3
    assert len(cost_of(alice, PROJECT.latest(family)).glance) == 1
    # The image, and both lists of versions; the form reads all of them again under the lock.
    cost = cost_of(alice, PROJECT.end_rule(image_id))
    assert (len(cost.glance), cost.keystone) == (3, [])


def test_make_it_a_version(
    person: Callable[[str], Dashboard], cost_of: Callable[[Dashboard, str], Cost], images: Images
) -> None:
    """The image, and one list with the families of the project."""
    cost = cost_of(person("alice"), PROJECT.existing_version(images.make("budget", data=None)))
    assert len(cost.glance) == 2, cost.glance
    assert cost.keystone == []


def test_the_notice_on_images_that_go_away(
    person: Callable[[str], Dashboard], cost_of: Callable[[Dashboard, str], Cost]
) -> None:
    """Nothing, where there are no instances and volumes."""
    cost = cost_of(person("alice"), PROJECT.ending)
    assert (cost.glance, cost.keystone) == ([], [])


def test_create_dialog(
    person: Callable[[str], Dashboard], cost_of: Callable[[Dashboard, str], Cost]
) -> None:
    """What Glance takes and has room for, at once; then the kernels and the ramdisks."""
    once = {"/v2/info/import", "/v2/schemas/image", "/v2/info/usage"}
    person("alice").get(PROJECT.create)
    cost = cost_of(person("alice"), PROJECT.create)
    paths = [request.split()[1].partition("?")[0] for request in cost.glance]
    assert set(paths) - {"/v2/info/stores"} == once | {"/v2/images"}
    assert len(paths) <= 6, cost.glance
    assert paths.count("/v2/images") == 2
    assert cost.keystone == []


def test_official_images(
    person: Callable[[str], Dashboard], cost_again: Callable[[Dashboard, str], Cost]
) -> None:
    """The images in one request, and for an admin those of the project in another."""
    for who, path, requests in (("alice", PROJECT.catalogue, 1), ("admin", ADMIN.catalogue, 2)):
        cost = cost_again(person(who), path)
        paths = [request.split()[1].partition("?")[0] for request in cost.glance]
        assert paths == ["/v2/images"] * requests
        assert cost.keystone == []


def test_upload_data_dialog(
    person: Callable[[str], Dashboard], cost_of: Callable[[Dashboard, str], Cost], images: Images
) -> None:
    """The image, and the same but for kernels and ramdisks."""
    cost = cost_of(person("alice"), PROJECT.upload_data(images.make("budget", data=None)))
    assert len(cost.glance) <= 1 + 4, cost.glance
    assert cost.keystone == []


def test_metadata_dialog(
    person: Callable[[str], Dashboard], cost_again: Callable[[Dashboard, str], Cost], images: Images
) -> None:
    """The image, and which definitions are private: the public ones are remembered."""
    image_id = images.make("budget")
    for path in (PROJECT.metadata(image_id), PROJECT.metadata_search(image_id) + "?q=disk"):
        cost = cost_again(person("alice"), path)
        assert len(cost.glance) == 2, cost.glance
        assert cost.keystone == []


def test_change_owner_dialog(
    person: Callable[[str], Dashboard], cost_again: Callable[[Dashboard, str], Cost], images: Images
) -> None:
    image_id = images.make("budget")
    for path in (ADMIN.change_owner(image_id), ADMIN.owner_search(image_id) + "?q=acme"):
        cost = cost_again(person("acme-admin"), path)
        assert cost.glance == [f"GET /v2/images/{image_id}"]
        assert cost.keystone == []


def test_progress_of_a_page_of_images(
    person: Callable[[str], Dashboard],
    cost_of: Callable[[Dashboard, str], Cost],
    images: Images,
) -> None:
    """One call for all; only those that may be importing cost one more."""
    ids = [images.make("progress") for _ in range(8)]
    path = PROJECT.progress + "?" + "&".join(f"id={image_id}" for image_id in ids)
    assert len(cost_of(person("alice"), path).glance) == 1
    path = ADMIN.progress + "?" + "&".join(f"id={image_id}" for image_id in ids)
    cost = cost_of(person("acme-admin"), path)
    assert len(cost.glance) == 1
    assert len(cost.keystone) <= 1, cost.keystone


def test_bulk_action(cloud: Cloud, person: Callable[[str], Dashboard], images: Images) -> None:
    """Two calls for an image, one to look and one to act, and the list once."""
    ids = [images.make("bulk", data=None) for _ in range(6)]
    log = Log(cloud.glance)
    person("alice").act(PROJECT.index, "protect", *ids)
    requests = log.requests()
    assert len([each for each in requests if each.startswith("PATCH")]) == 6
    assert len(requests) <= 2 * 6 + 1, requests


def test_what_is_shared_with_a_project(
    person: Callable[[str], Dashboard], cost_of: Callable[[Dashboard, str], Cost]
) -> None:
    """The badge is one call; the page one for each kind of answer."""
    cost = cost_of(person("bob"), f"{PROJECT.index}shared/count/")
    assert len(cost.glance) == 1, cost.glance
    cost = cost_of(person("bob"), f"{PROJECT.index}shared/")
    assert len(cost.glance) == 3, cost.glance
    assert cost.keystone == []
    assert cost_of(person("acme-admin"), f"{PROJECT.index}shared/count/").glance == []


def test_the_numbers_of_the_column_access(
    person: Callable[[str], Dashboard], cost_of: Callable[[Dashboard, str], Cost], images: Images
) -> None:
    ids = [images.make("numbers", visibility="shared", data=None) for _ in range(5)]
    path = f"{PROJECT.index}access/?" + "&".join(f"id={image_id}" for image_id in ids)
    cost = cost_of(person("alice"), path)
    assert len(cost.glance) == 1 + len(ids), cost.glance
    assert cost.keystone == []
