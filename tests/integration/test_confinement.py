# SPDX-License-Identifier: Apache-2.0
"""The admin of a domain stays inside it, though Glance would give them everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images, unique
from tests.integration.operations import ABSENT, Attempt
from tests.integration.panels import ADMIN, BATCH_ACTIONS, PROJECT
from tests.thorough import crossed

GLOBEX_PROJECTS = ("globex-research", "globex-ops")


@dataclass
class Foreign:
    """Images of globex, and what no page may give away of them."""

    ids: dict[str, str]
    secrets: list[str]


@pytest.fixture(scope="module")
def foreign(cloud: Cloud, kept_images: Images) -> Foreign:
    secret = unique("secret")
    fields: dict[str, Any] = {"description": f"{secret}-description", "vendor": f"{secret}-vendor"}
    ids = {
        "private": kept_images.make(f"{secret}-private", "globex-research", **fields),
        "shared": kept_images.make(f"{secret}-shared", "globex-ops", visibility="shared", **fields),
        "community": kept_images.make(
            f"{secret}-community", "globex-ops", visibility="community", **fields
        ),
        "public": kept_images.make(f"{secret}-public", "globex-ops", visibility="public", **fields),
        "protected": kept_images.make(
            f"{secret}-protected", "globex-research", protected=True, **fields
        ),
        "queued": kept_images.make(f"{secret}-queued", "globex-research", None, **fields),
        "hidden": kept_images.make(f"{secret}-hidden", "globex-research", os_hidden=True, **fields),
        "kernel": kept_images.make(
            f"{secret}-kernel",
            "globex-research",
            disk_format="aki",
            container_format="aki",
            **fields,
        ),
    }
    secrets = [secret, *GLOBEX_PROJECTS, *map(cloud.project_id, GLOBEX_PROJECTS)]
    secrets += [str(kept_images.show(ids["private"])["os_hash_value"])]
    return Foreign(ids, secrets)


@pytest.fixture(scope="module")
def manners(
    cloud: Cloud, log_in: Callable[[str], Dashboard], person: Callable[[str], Dashboard]
) -> dict[str, tuple[Dashboard, str]]:
    """How the admin of acme may go about it: with which session and which query."""
    globex = cloud.domain_id("globex")
    in_context = log_in("acme-admin")
    fields = {"action": f"domains__set_domain_context__{globex}"}
    assert any(
        "updated to Domain globex" in text
        for text in in_context.post("/identity/domains/", fields).messages
    ), "Horizon gives every admin any domain context; if it no longer does, drop this manner"
    return {
        "plain": (person("acme-admin"), ""),
        "domain": (person("acme-admin"), f"?domain={globex}"),
        "all domains": (person("acme-admin"), "?domain=all"),
        "domain context": (in_context, ""),
        "domain context and domain": (in_context, f"?domain={globex}"),
    }


MANNERS = ("plain", "domain", "all domains", "domain context", "domain context and domain")
KINDS = ("private", "shared", "community", "public", "protected", "queued", "hidden")
FILTERS = (
    "",
    "visibility=public",
    "visibility=community",
    "visibility=all",
    "visibility=shared",
    "status=active",
    "status=queued",
    "format=aki",
    "owner=GLOBEX",
    "owner=",
)


def gives_nothing_away(pages: list[Page], secrets: list[str]) -> None:
    for page in pages:
        for response in (*page.response.history, page.response):
            told = response.text + str(response.headers)
            assert not [secret for secret in secrets if secret in told], response.url


@pytest.mark.parametrize(("kind", "manner"), crossed(KINDS, MANNERS))
def test_image_of_another_domain(
    manners: dict[str, tuple[Dashboard, str]],
    kept_images: Images,
    foreign: Foreign,
    manner: str,
    kind: str,
) -> None:
    dashboard, query = manners[manner]
    image_id = foreign.ids[kind]
    attempt = Attempt(dashboard, ADMIN, kept_images, query)
    assert set(attempt.all(image_id).values()) == {ABSENT}
    several = attempt.dashboard.act(ADMIN.index + query, "delete", image_id, foreign.ids["private"])
    assert kept_images.exists(image_id)
    gives_nothing_away([*attempt.pages, several], foreign.secrets)


@pytest.mark.parametrize("scope", [ADMIN, PROJECT], ids=["admin", "project"])
@pytest.mark.parametrize("parameter", ["marker", "prev_marker"])
def test_foreign_image_as_the_place_where_a_page_begins(
    person: Callable[[str], Dashboard], foreign: Foreign, scope: Any, parameter: str
) -> None:
    """It would tell where its name stands among the others."""
    for who in ("acme-admin", "alice") if scope is PROJECT else ("acme-admin",):
        page = person(who).get(f"{scope.index}?{parameter}={foreign.ids['private']}")
        assert page.path == scope.index
        assert any("The list has changed" in text for text in page.messages)
        gives_nothing_away([page], [f"{foreign.secrets[0]}-private"])


def test_project_panel_does_not_tell_whom_others_share_with(
    cloud: Cloud, person: Callable[[str], Dashboard], kept_images: Images
) -> None:
    image_id = kept_images.make("foreign-shared", "globex-ops", visibility="shared")
    members = cloud.glance_client("admin").image_members
    for project in ("acme-web", "demo"):
        members.create(image_id, cloud.project_id(project))
    page = person("acme-admin").get(PROJECT.detail(image_id))
    assert page.status == 200
    assert cloud.project_id("demo") not in page.text


@pytest.mark.parametrize(("filters", "manner"), crossed(FILTERS, MANNERS))
def test_list(
    cloud: Cloud,
    manners: dict[str, tuple[Dashboard, str]],
    foreign: Foreign,
    manner: str,
    filters: str,
) -> None:
    dashboard, query = manners[manner]
    globex = cloud.project_id("globex-research")
    asked = f"{query or '?'}&{filters.replace('GLOBEX', globex)}"
    page = dashboard.get(ADMIN.index + asked)
    assert page.status == 200
    assert not set(page.rows) & set(foreign.ids.values())
    owners = {row["Owner"] for row in page.rows.values()}
    assert owners <= {"acme-web", "acme-data", "acme-lab"}
    secrets = [secret for secret in foreign.secrets if not (secret == globex and globex in asked)]
    gives_nothing_away([page], secrets)
    assert not page.tree.all("select", name="domain")


@pytest.mark.parametrize("panel", [PROJECT, ADMIN])
def test_kernels_of_others_are_not_offered(
    person: Callable[[str], Dashboard], kept_images: Images, foreign: Foreign, panel: Any
) -> None:
    """Create Image lists kernels for machine images; an admin's token sees all."""
    own = kept_images.make("kernel", disk_format="aki", container_format="aki")
    page = person("acme-admin").get(panel.create)
    assert own in page.form("disk_format").options("kernel")
    assert foreign.ids["kernel"] not in page.form("disk_format").options("kernel")
    gives_nothing_away([page], foreign.secrets)


@pytest.mark.parametrize("who", ["acme-admin", "admin"])
def test_admin_in_the_project_panel(
    person: Callable[[str], Dashboard], kept_images: Images, foreign: Foreign, who: str
) -> None:
    """The Project panel is for the project, whatever the token could do."""
    other = kept_images.make("other", "acme-data")
    not_theirs = {**foreign.ids, "other": other}
    public, community = not_theirs.pop("public"), not_theirs.pop("community")
    for query in (
        "",
        "?visibility=all",
        "?visibility=private",
        "?visibility=shared",
        "?status=queued",
    ):
        page = person(who).get(PROJECT.index + query)
        assert page.status == 200
        assert not set(page.rows) & set(not_theirs.values())
    assert public in person(who).get(PROJECT.index, visibility="public").rows
    assert community in person(who).get(PROJECT.index, visibility="community").rows
    attempts = Attempt(person(who), PROJECT, kept_images)
    for image_id in not_theirs.values():
        assert set(attempts.all(image_id).values()) == {ABSENT}
    names = [kept_images.name(image_id) for image_id in not_theirs.values()]
    gives_nothing_away(attempts.pages, names)


def test_cloud_admin_sees_one_domain_or_all(
    cloud: Cloud, person: Callable[[str], Dashboard], kept_images: Images, foreign: Foreign
) -> None:
    admin, big = person("admin"), {"API_RESULT_PAGE_SIZE": "500"}
    acme = kept_images.make("acme", "acme-data")

    def rows(query: str) -> dict[str, dict[str, str]]:
        return Page(admin.session.get(f"{admin.base}{ADMIN.index}{query}", cookies=big)).rows

    everything, globex = rows("?domain=all"), rows(f"?domain={cloud.domain_id('globex')}")
    listed = set(foreign.ids.values()) - {foreign.ids["hidden"]}
    assert {acme} | listed <= set(everything)
    assert listed <= set(globex)
    assert acme not in globex
    assert {row["Owner"] for row in globex.values()} == set(GLOBEX_PROJECTS)
    assert everything[acme]["Owner"] == "acme-data"
    own = rows("")
    assert not ({acme} | listed) & set(own), "without a choice, the admin's own domain"
    assert rows("?domain=no-such-domain") == {}


def test_cloud_admin_chooses_by_domain_context(
    cloud: Cloud,
    log_in: Callable[[str], Dashboard],
    grant: Callable[[str, str], None],
    foreign: Foreign,
) -> None:
    grant("admin", f"domains/{cloud.domain_id('Default')}")
    admin = log_in("admin")
    fields = {"action": f"domains__set_domain_context__{cloud.domain_id('globex')}"}
    assert admin.post("/identity/domains/", fields).messages
    assert {row["Owner"] for row in admin.get(ADMIN.index).rows.values()} == set(GLOBEX_PROJECTS)


def test_all_that_matches_is_of_the_domain_that_the_page_shows(
    cloud: Cloud,
    log_in: Callable[[str], Dashboard],
    grant: Callable[[str, str], None],
    foreign: Foreign,
) -> None:
    """Another tab chooses another domain: the script does not find its images in place of them,
    nor does the file have them.
    """
    grant("admin", f"domains/{cloud.domain_id('Default')}")
    admin = log_in("admin")

    def choose(domain: str) -> None:
        fields = {"action": f"domains__set_domain_context__{cloud.domain_id(domain)}"}
        assert admin.another_tab().post("/identity/domains/", fields).messages

    choose("acme")
    page = admin.get(ADMIN.index)
    (place,) = [each for each in page.tree.all("template") if each.get("data-hip-selection")]
    export = page.link("JSON")
    assert export
    choose("globex")
    refused = admin.get(place["data-hip-selection"], action="delete")
    assert refused.status == 409
    assert "The domain was changed in another tab." in refused.response.json()["reason"]
    page = admin.get(export)
    assert (page.path, page.status) == (ADMIN.index, 200)
    assert any("The domain was changed in another tab." in text for text in page.errors)
    choose("acme")
    answer = admin.get_json(place["data-hip-selection"], action="delete")
    assert not {image["id"] for image in answer["images"]} & set(foreign.ids.values())


def test_admin_of_a_project_elsewhere_is_not_admin_of_the_own_domain(
    cloud: Cloud,
    log_in: Callable[[str], Dashboard],
    grant: Callable[[str, str], None],
    foreign: Foreign,
) -> None:
    """gina is a member in globex; somebody of acme makes her an admin of acme-web."""
    acme_web = cloud.project_id("acme-web")
    grant("gina", f"projects/{acme_web}")
    gina = log_in("gina")
    gina.get(f"/auth/switch/{acme_web}/", next=ADMIN.index)
    assert not set(gina.get(ADMIN.index).rows) & set(foreign.ids.values())
    for kind in ("private", "protected", "queued"):
        assert gina.get(ADMIN.detail(foreign.ids[kind])).status in (403, 404)


@pytest.mark.parametrize("action", BATCH_ACTIONS)
def test_bulk_over_the_border(
    person: Callable[[str], Dashboard], kept_images: Images, foreign: Foreign, action: str
) -> None:
    """Own images among foreign ones: the own are done, the foreign do not exist."""
    fields = {"protected": action == "unprotect"}
    if action == "unpublish":
        fields["visibility"] = "public"  # type: ignore[assignment]
    own = [kept_images.make(f"own{i}", "acme-lab", **fields) for i in range(2)]
    before = {image_id: kept_images.unchanging(image_id) for image_id in foreign.ids.values()}
    ids = (own[0], *foreign.ids.values(), own[1])
    if action == "publish":
        posted = [*(("id", image_id) for image_id in ids), ("audience", "cloud")]
        page = person("acme-admin").post(ADMIN.publish, posted)
    else:
        page = person("acme-admin").act(ADMIN.index, action, *ids, name="acme")
    for image_id, image in before.items():
        assert kept_images.unchanging(image_id) == image
    absent = ", ".join(foreign.ids.values())
    assert f"Image not found. ({absent})" in " ".join(page.errors)
    assert all(kept_images.exists(image_id) != action.startswith("delete") for image_id in own)
    gives_nothing_away([page], foreign.secrets)
