# SPDX-License-Identifier: Apache-2.0
"""Who uses an image: its confirmation, and the tab Used By; the demo has no compute service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helion_images_panel.core.family import FORMER, LATEST
from tests.integration.client import Dashboard, Page
from tests.integration.images import Images
from tests.integration.panels import ADMIN, DOMAIN, PROJECT, Panel
from tests.integration.test_versions import Families


def uses(dashboard: Dashboard, panel: Panel, *image_ids: str) -> Any:
    return dashboard.get_json(panel.uses, id=list(image_ids))["uses"]


def test_snapshots_and_members(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id, unused = images.make("used", visibility="shared"), images.make("unused")
    images.share(image_id, "acme-data")
    images.share(image_id, "acme-lab", "pending")
    images.make("snapshot", base_image_ref=image_id, image_type="snapshot")
    # The other property of an origin.
    images.make("on volume", base_image_ref="", image_id=image_id)
    images.make("foreign snapshot", "globex-ops", base_image_ref=image_id)
    expected = {
        image_id: ["2 images made from it", "Shared with 2 projects"],
        unused: [],
    }
    assert uses(person("alice"), PROJECT, image_id, unused) == expected
    assert uses(person("acme-admin"), ADMIN, image_id, unused) == expected
    told = uses(person("admin"), ADMIN, image_id)[image_id]
    assert told == ["3 images made from it", "Shared with 2 projects"]


def test_images_that_boot_with_one(person: Callable[[str], Dashboard], images: Images) -> None:
    """Hidden ones too; those of other domains are not counted."""
    kernel = images.make("kernel", disk_format="aki", container_format="aki", visibility="public")
    machine = images.make("machine", kernel_id=kernel, ramdisk_id=kernel)
    hidden = images.make("hidden", "acme-data", ramdisk_id=kernel, os_hidden=True)
    foreign = images.make("foreign", "globex-ops", kernel_id=kernel)
    assert uses(person("alice"), PROJECT, kernel) == {kernel: ["Kernel or ramdisk of 1 image"]}
    found = uses(person("acme-admin"), ADMIN, kernel)
    assert found == {kernel: ["Kernel or ramdisk of 2 images"]}
    page = used_by(person("acme-admin"), ADMIN, kernel)
    part = page.tree.first(data_hip_uses="booting")
    links = {link["href"] for link in part.all("a")}
    assert {ADMIN.detail(each) for each in (machine, hidden)} == links
    assert "2 images boot with it: if it is deleted, no instance can be launched" in page.text
    assert foreign not in page.html


def test_the_tree_has_several_levels(person: Callable[[str], Dashboard], images: Images) -> None:
    """What others have is not in it, and a circle ends."""
    made = [images.make("level 0")]
    for number in range(1, 5):
        made.append(images.make(f"level {number}", base_image_ref=made[-1]))
    foreign = images.make("foreign", "globex-ops", base_image_ref=made[3])
    page = used_by(person("alice"), PROJECT, made[2])
    tree = page.tree.first("ul", "hip-tree")
    shown = [link["href"] for link in tree.all("a")]
    assert shown == [PROJECT.detail(made[n]) for n in (0, 1, 3, 4)]
    assert foreign not in page.html
    images.update(made[0], base_image_ref=made[4])
    page = used_by(person("alice"), PROJECT, made[2], fresh="1")
    assert "the circle ends here" in page.text


def test_the_uses_in_a_project_that_loses_the_image(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    image_id = images.make("shared", visibility="shared")
    images.share(image_id, "acme-data")
    images.make("of the member", "acme-data", base_image_ref=image_id)
    images.make("of the owner", base_image_ref=image_id)
    member = images.cloud.project_id("acme-data")
    found = person("acme-admin").get_json(ADMIN.uses, id=[image_id], project=[member])
    assert found["uses"] == {image_id: ["1 image made from it"]}
    found = person("alice").get_json(PROJECT.uses, id=[image_id], project=[member])
    assert found["uses"] == {image_id: []}
    assert "You cannot see how the project uses the image." in found["note"]
    # As many as a URL has no room for: their uses are one label.
    many = [("id", image_id), *(("project", f"{number:032x}") for number in range(128))]
    found = person("acme-admin").post(ADMIN.uses, [*many, ("project", member)]).response.json()
    assert found["uses"] == {image_id: ["1 image made from it"]}
    assert "You cannot see how 128 of these projects use the image." in found["note"]


def test_others_are_told_nothing(person: Callable[[str], Dashboard], images: Images) -> None:
    image_id = images.make("seen", visibility="public")
    images.make("snapshot", "globex-research", base_image_ref=image_id)
    foreign = images.make("foreign", "globex-ops")
    assert uses(person("bob"), PROJECT, image_id, foreign) == {}
    assert uses(person("acme-admin"), ADMIN, foreign) == {}
    assert person("bob").get(ADMIN.uses, id=image_id).status == 403
    assert person("anonymous").get(PROJECT.uses, id=image_id).is_login


def test_the_manager_of_a_domain_is_told_of_hers(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    """In the project that the image belongs to, which is not the active one."""
    image_id, other = images.make("used", "acme-lab", visibility="shared"), images.make("not hers")
    images.share(image_id, "acme-web")
    images.make("snapshot", "acme-lab", base_image_ref=image_id, image_type="snapshot")
    images.make("snapshot", "acme-web", base_image_ref=other)
    told = uses(person("mona"), DOMAIN, image_id, other)
    assert told == {image_id: ["1 image made from it", "Shared with 1 project"]}
    for page in (DOMAIN.index, DOMAIN.detail(image_id)):
        (panel,) = person("mona").get(page).tree.all(data_uses_url=DOMAIN.uses)
        assert "data-hip-images" in panel.attributes
    assert person("alice").get(DOMAIN.uses, id=image_id).status == 403


def used_by(dashboard: Dashboard, panel: Panel, image_id: str, **query: str) -> Page:
    return dashboard.get(panel.detail(image_id), tab="image_details__used_by", **query)


def test_the_tab_shows_what_was_made_from_an_image_both_ways(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    base = images.make("base", visibility="shared")
    middle = images.make("middle", base_image_ref=base, visibility="shared")
    below = images.make("below", base_image_ref="", image_id=middle)
    foreign = images.make("foreign", "globex-ops", base_image_ref=middle)
    public = images.make("public", "globex-ops", image_id=middle, visibility="public")
    images.share(middle, "acme-data")

    page = used_by(person("alice"), PROJECT, middle)
    pane = page.tree.first(id="image_details__used_by")
    links = {link["href"] for link in pane.all("a")}
    assert {PROJECT.detail(each) for each in (base, below, public)} <= links
    assert "2 images were made from it, and have data of their own." in pane.text
    assert "Shared with 1 project" in pane.text
    assert foreign not in page.html
    assert images.show(foreign)["name"] not in page.html

    # An admin of the domain has its projects alone, and its addresses.
    pane = used_by(person("acme-admin"), ADMIN, middle).tree.first(id="image_details__used_by")
    links = {link["href"] for link in pane.all("a")}
    assert {ADMIN.detail(each) for each in (base, below)} <= links
    assert "1 image was made from it, and has data of its own." in pane.text
    assert images.show(public)["name"] not in pane.text

    # What is new is shown when the services are asked again.
    images.make("newer", base_image_ref=middle)
    assert "1 image was made" in used_by(person("acme-admin"), ADMIN, middle).text
    assert "2 images were made" in used_by(person("acme-admin"), ADMIN, middle, fresh="1").text
    pane = used_by(person("admin"), ADMIN, middle).tree.first(id="image_details__used_by")
    assert "4 images were made from it" in pane.text

    # To those of another domain the image does not exist, nor does its name.
    for who, panel, image_id, status in (
        ("gina", PROJECT, middle, 404),
        ("gina", ADMIN, middle, 403),
        ("acme-admin", ADMIN, foreign, 404),
        ("acme-admin", PROJECT, foreign, 404),
        ("acme-admin", ADMIN, public, 404),
    ):
        page = used_by(person(who), panel, image_id, fresh="1")
        assert page.status == status, (who, panel)
        for each in (middle, below, foreign):
            assert images.show(each)["name"] not in page.html


def test_the_tab_of_the_manager_of_a_domain(
    person: Callable[[str], Dashboard], images: Images
) -> None:
    base = images.make("base", "acme-lab", visibility="shared")
    below = images.make("below", "acme-lab", base_image_ref=base)
    hidden = images.make("not hers", "acme-web", base_image_ref=base)
    page = used_by(person("mona"), DOMAIN, base)
    pane = page.tree.first(id="image_details__used_by")
    assert DOMAIN.detail(below) in {link["href"] for link in pane.all("a")}
    assert "1 image was made from it" in pane.text
    assert hidden not in page.html
    assert used_by(person("mona"), DOMAIN, hidden).status == 404


def test_the_family_of_the_image(person: Callable[[str], Dashboard], images: Images) -> None:
    family = Families(images)
    latest, old = family.make(LATEST, "latest"), family.make(FORMER, "old", visibility="shared")
    images.share(old, "acme-data")
    images.make("below", base_image_ref=old)
    alice = person("alice")
    pane = used_by(alice, PROJECT, old).tree.first(data_hip_uses="family")
    assert family.name in pane.text
    assert "This is an earlier version." in pane.text
    assert {link["href"] for link in pane.all("a")} >= {PROJECT.detail(latest)}
    badges = alice.get(PROJECT.detail(old)).tree.all("span", "badge")
    assert [each.text for each in badges if "data-hip-count" in each.attributes] == ["1"]
    # Another project sees its version, and not the latest one.
    page = used_by(person("bob"), PROJECT, old)
    assert "This is an earlier version." in page.text
    assert images.name(latest) not in page.html
