# SPDX-License-Identifier: Apache-2.0
"""The tab Used By: what it shows, to whom, and how long."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from helion_images_panel.api import images, instances, volumes
from helion_images_panel.core.family import FORMER, LATEST, NEW
from helion_images_panel.core.publication import DOMAIN, Publication, publication_property
from helion_images_panel.exceptions import ImageServiceUnavailable
from helion_images_panel.ui.base.page_urls import DETAIL_TABS
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import path
from tests.unit.ui.uses.test_views import moved
from tests.unit.ui.versions.test_views import add as add_version

NOTHING = "Nothing that you can see uses this image."
VOLUME_LISTED = "An instance on a volume is not listed here: its volume is."


@pytest.fixture
def services(monkeypatch):
    """The projects of instances and volumes, or an error; `asked` has each question."""
    answers = {"instances": (), "volumes": (), "asked": []}

    def install(service, kind):
        def using(_request, _image_id, *, everywhere):
            answers["asked"].append((kind, everywhere))
            if isinstance(answers[kind], Exception):
                raise answers[kind]
            return factories.uses(*answers[kind], names=kind)

        monkeypatch.setattr(service, "using", using)

    install(instances, "instances")
    install(volumes, "volumes")
    return answers


def url_of(panel, image_id, **query):
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return f"{path(panel, 'detail', image_id)}?tab={DETAIL_TABS}__used_by{more}"


def tab(browser, image, person="member", panel="project", **query):
    """The HTML of the tab alone."""
    browser.login_as(factories.PEOPLE[person]())
    html = browser.get(url_of(panel, image["id"], **query)).content.decode()
    own, tabs = f"{DETAIL_TABS}__used_by", f'<div id="{DETAIL_TABS}__'
    return html.partition(f'<div id="{own}"')[2].partition(tabs)[0]


def text_of(html):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def links(html):
    found = re.findall(r'(?s)<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', html)
    return {text_of(text): unescape(url) for url, text in found}


def test_it_is_loaded_when_it_is_selected(browser, glance, services):
    image = glance.add()
    html = browser.login_as(factories.member()).get(path("project", "detail", image["id"]))
    assert 'data-target="#image_details__used_by" data-hip-lazy>Used By<' in html.content.decode()
    assert services["asked"] == []


def test_an_image_that_nothing_uses(browser, glance, services):
    text = text_of(tab(browser, glance.add()))
    for sentence in (
        NOTHING,
        "No instance was launched from it.",
        "No volume was created from it.",
        VOLUME_LISTED,
        "No image was made from it.",
        "This tab shows the instances and volumes of web, and the images that you can see.",
    ):
        assert sentence in text
    assert "Other projects may use" not in text


def test_each_use_leads_to_its_page(browser, glance, services):
    image = glance.add(name="base")
    below = glance.add(name="snapshot", base_image_ref=image["id"])
    services["instances"] = services["volumes"] = [factories.PROJECT]
    html = tab(browser, image)
    number = "00000000-0000-0000-0000-000000000001"
    found = links(html)
    assert found["instances 1"] == f"/project/instances/{number}/"
    assert found["volumes 1"] == f"/project/volumes/{number}/"
    assert found["snapshot"] == path("project", "detail", below["id"])
    assert "1 instance uses this image" in text_of(html)
    assert services["asked"] == [("instances", False), ("volumes", False)]


def test_the_image_that_it_was_made_from(browser, glance, services):
    base = glance.add(name="base")
    html = tab(browser, glance.add(name="snapshot", base_image_ref=base["id"]))
    assert links(html)["base"] == path("project", "detail", base["id"])
    on_volume = tab(browser, glance.add(base_image_ref="", image_id=base["id"]))
    assert links(on_volume)["base"] == path("project", "detail", base["id"])


@pytest.mark.parametrize("of_another_domain", [True, False])
def test_an_origin_that_the_user_cannot_see_has_no_link(
    browser, glance, services, of_another_domain
):
    """Whether it exists is not shown either."""
    base = factories.image_id()
    if of_another_domain:
        glance.add(id=base, name="secret", owner=factories.FOREIGN)
    image = glance.add(base_image_ref=base)
    for person, panel in (("member", "project"), ("domain_admin", "admin")):
        html = tab(browser, image, person, panel)
        assert "secret" not in html
        assert f"{base} (an image that you cannot see, or that no longer exists)" in text_of(html)


def test_an_origin_that_glance_does_not_return_is_no_missing_one(browser, glance, services):
    base = glance.add(name="base")
    image = glance.add(base_image_ref=base["id"])
    glance.failing[f"GET /v2/images/{base['id']}"] = fakes.refusal(503, "No.")
    text = text_of(tab(browser, image))
    assert "Unable to retrieve the image that it was made from." in text
    assert base["id"] in text
    assert "no longer exists" not in text
    glance.failing.clear()
    assert "base" not in links(tab(browser, image))
    assert "base" in links(tab(browser, image, fresh=1))


def test_an_admin_sees_the_projects_of_the_domain_alone(browser, glance, services):
    image = glance.add(visibility="public")
    services["instances"] = [factories.PROJECT] * 2 + [factories.SIBLING, factories.FOREIGN]
    services["volumes"] = [factories.FOREIGN]
    glance.add(name="theirs", owner=factories.FOREIGN, base_image_ref=image["id"])
    html = tab(browser, image, "domain_admin", "admin")
    text = text_of(html)
    assert "3 instances use this image" in text
    assert "They belong to 2 projects." in text
    assert "web (2), shop (1)" in text
    assert "No volume was created from it." in text
    assert "theirs" not in html
    assert factories.FOREIGN not in html
    assert "This tab shows the uses in the projects of Acme. Other projects may use" in text
    assert links(html)["instances 1"].startswith("/admin/instances/")
    assert services["asked"] == [("instances", True), ("volumes", True)]


def test_a_cloud_admin_sees_all(browser, glance, services):
    image = glance.add(visibility="public")
    services["instances"] = [factories.PROJECT, factories.FOREIGN]
    glance.add(name="theirs", owner=factories.FOREIGN, base_image_ref=image["id"])
    html = tab(browser, image, "cloud_admin", "admin")
    assert "They belong to 2 projects." in text_of(html)
    assert "theirs" in links(html)
    assert "This tab shows the uses in all projects of this cloud." in text_of(html)


def test_the_project_panel_of_an_admin_has_the_active_project_alone(browser, glance, services):
    """Glance and Nova would return everything to their token."""
    image = glance.add(owner=factories.SIBLING)
    glance.add(name="theirs", owner=factories.FOREIGN, base_image_ref=image["id"])
    glance.add(name="public", owner=factories.FOREIGN, base_image_ref=image["id"],
               visibility="public")  # fmt: skip
    html = tab(browser, image, "domain_admin")
    assert "theirs" not in html
    assert "public" in links(html)
    assert services["asked"] == [("instances", False), ("volumes", False)]


def test_a_hostile_user_gets_nothing(browser, glance, services):
    image = glance.add(name="secret")
    browser.login_as(factories.PEOPLE["other_domain_admin"]())
    for panel in ("project", "admin"):
        response = browser.get(url_of(panel, image["id"]))
        assert response.status_code == 404
        assert "secret" not in response.content.decode()
    assert services["asked"] == []


def test_other_projects_of_an_image_that_is_not_private(browser, glance, services):
    image = glance.add(visibility="public", owner=factories.FOREIGN)
    text = text_of(tab(browser, image))
    assert NOTHING in text
    assert "Other projects may use this image too, and you cannot see how they use it." in text


def test_each_service_fails_alone(browser, glance, services):
    image = glance.add(visibility="shared")
    services["volumes"] = ImageServiceUnavailable("The volume service is not responding.")
    services["instances"] = [factories.PROJECT]
    glance.failing[f"GET /v2/images/{image['id']}/members"] = fakes.refusal(500, "no")
    text = text_of(tab(browser, image))
    assert "1 instance uses this image" in text
    assert "Not everything could be checked." in text
    assert "Unable to retrieve the volumes. The volume service is not responding." in text
    assert "Unable to retrieve the members." in text
    assert "No volume was created" not in text
    assert VOLUME_LISTED not in text


def test_a_failure_of_glance_is_that_of_its_part(browser, glance, services):
    image = glance.add()
    glance.failing["GET /v2/images"] = fakes.refusal(503, "No.")
    text = text_of(tab(browser, image))
    assert "Unable to retrieve the images that were made from others." in text
    assert "No use was found, but not everything could be checked." in text


def test_members_with_those_that_publish_has_added(browser, glance, services):
    record = Publication(DOMAIN, "private", factories.DOMAIN, given=(factories.SIBLING,))
    id_ = factories.image_id()
    image = glance.add(id=id_, visibility="shared", **publication_property(id_, record))
    members = {factories.SIBLING: "accepted", factories.FOREIGN: "pending"}
    glance.members[id_] = members
    html = tab(browser, image)
    assert "Shared with 2 projects 1 of them was added by Publish." in text_of(html)
    assert 'class="alert alert-info" role="status"' in html
    assert f"{NOTHING} It is shared with 2 projects." in text_of(html)
    assert links(html)["Shared with 2 projects"].endswith("?tab=image_details__access")


def test_who_may_not_change_the_image_does_not_see_its_members(browser, glance, services):
    image = glance.add(visibility="shared", owner=factories.SIBLING)
    glance.members[image["id"]] = {factories.PROJECT: "accepted", factories.FOREIGN: "accepted"}
    text = text_of(tab(browser, image))
    assert "Shared with" not in text


def test_many_are_counted_and_the_first_are_shown(browser, glance, services):
    services["instances"] = [factories.PROJECT] * 23
    services["volumes"] = [factories.PROJECT] * 100
    html = tab(browser, glance.add())
    assert "3 more are not shown." in text_of(html)
    assert "At least 80 more are not shown." in text_of(html)
    assert 'class="badge">100 or more<' in html
    assert len(re.findall("/project/instances/", html)) == 20


def test_it_is_cached_with_its_age(browser, glance, services):
    image = glance.add()
    html = tab(browser, image)
    assert re.search(r"As of <time datetime=", html)
    services["instances"] = [factories.PROJECT]
    assert NOTHING in text_of(tab(browser, image))
    again = links(html)["Check Again"]
    assert again == url_of("project", image["id"], fresh=1)
    assert "1 instance uses this image" in text_of(tab(browser, image, fresh=1))
    # And so the next time.
    assert "1 instance uses this image" in text_of(tab(browser, image))
    assert len(services["asked"]) == 4


def test_what_is_cached_is_one_users(browser, glance, services):
    image = glance.add(visibility="public")
    services["instances"] = [factories.FOREIGN]
    assert "1 instance uses" in text_of(tab(browser, image, "cloud_admin", "admin"))
    assert NOTHING in text_of(tab(browser, image, "domain_admin", "admin"))
    services["instances"] = []
    assert NOTHING in text_of(tab(browser, image, "member"))


def test_a_failure_is_not_cached(browser, glance, services):
    image = glance.add()
    services["volumes"] = ImageServiceUnavailable("no")
    assert "Unable to retrieve the volumes." in text_of(tab(browser, image))
    services["volumes"] = ()
    assert NOTHING in text_of(tab(browser, image))


def test_a_cloud_without_these_services(browser, glance, services):
    image = glance.add()
    browser.login_as(factories.member(services=("image", "identity")))
    text = text_of(browser.get(url_of("project", image["id"])).content.decode())
    assert NOTHING in text
    assert "No instance was launched" not in text
    assert services["asked"] == []


@pytest.mark.parametrize("name", [*factories.HOSTILE_NAMES, "\u200b", ""])
def test_names_are_text(browser, glance, services, monkeypatch, name):
    image = glance.add()
    glance.add(name=name, base_image_ref=image["id"])
    named = factories.uses(factories.PROJECT, names=name)
    for service in (instances, volumes):
        monkeypatch.setattr(service, "using", lambda *_args, everywhere: named)
    html = tab(browser, image)
    assert "<script>alert" not in html
    assert "<img" not in html
    assert not re.search(r'href="javascript:', html)
    assert "<bdi></bdi>" not in html


def test_the_family_with_its_latest_version(browser, glance, services):
    latest = add_version(glance, LATEST, name="Ubuntu", version="24.04.2")
    sentences = {
        FORMER: "This is an earlier version. The latest version: Ubuntu",
        NEW: "This is a new version, which is not the latest yet. The latest version: Ubuntu",
    }
    for role, sentence in sentences.items():
        image = add_version(glance, role, name="Ubuntu (1)", version="24.04.1")
        html = tab(browser, image)
        assert f"ubuntu Version 24.04.1 {sentence}" in text_of(html)
        assert links(html)["Ubuntu"] == path("project", "detail", latest["id"])
        assert links(html)["ubuntu"].endswith("?tab=image_details__versions")
    asked = len(glance.listed())
    text = text_of(tab(browser, latest))
    assert "ubuntu Version 24.04.2 This is the latest version." in text
    assert "The latest version:" not in text
    # Those for what was made from it, as for any image.
    assert len(glance.listed()) == asked + 2
    assert "Version" not in text_of(tab(browser, glance.add()))


def test_a_latest_version_that_the_user_cannot_see(browser, glance, services):
    add_version(glance, LATEST, name="secret", owner=factories.SIBLING)
    shared = {"owner": factories.SIBLING, "visibility": "shared"}
    image = add_version(glance, FORMER, name="Ubuntu (1)", **shared)
    glance.members[image["id"]] = {factories.PROJECT: "accepted"}
    html = tab(browser, image)
    assert "This is an earlier version." in text_of(html)
    assert "secret" not in html


def test_a_latest_version_that_glance_does_not_return(browser, glance, services, monkeypatch):
    from helion_images_panel.api import families

    def fail(*_args):
        raise ImageServiceUnavailable("Down.")

    image = add_version(glance, FORMER)
    with monkeypatch.context() as patched:
        patched.setattr(families, "all_versions", fail)
        assert "Unable to retrieve the latest version. Down." in text_of(tab(browser, image))
    assert "Unable to retrieve" not in text_of(tab(browser, image, fresh=1))


def test_the_number_of_uses_that_were_seen_recently(browser, glance, services):
    image = glance.add()
    glance.add(base_image_ref=image["id"])
    services["instances"] = [factories.PROJECT]
    page = path("project", "detail", image["id"])
    assert "data-hip-count" not in browser.login_as(factories.member()).get(page).content.decode()
    assert 'data-hip-tab-count="2"' in tab(browser, image)
    asked = len(services["asked"]), len(glance.listed())
    assert " data-hip-count>2</span>" in browser.get(page).content.decode()
    assert (len(services["asked"]), len(glance.listed())) == asked
    # Others have not seen them.
    browser.login_as(factories.reader())
    assert "data-hip-count" not in browser.get(page).content.decode()
    services["volumes"] = [factories.PROJECT] * 100
    assert 'data-hip-tab-count="102+"' in tab(browser, image, fresh=1)


def test_images_that_boot_with_it(browser, glance, services):
    kernel = glance.add(disk_format="aki")
    html = tab(browser, kernel)
    assert "Kernel or Ramdisk Of" in text_of(html)
    assert "No image has it as its kernel or ramdisk." in text_of(html)
    booting = glance.add(name="machine", kernel_id=kernel["id"])
    html = tab(browser, kernel, fresh=1)
    assert links(html)["machine"] == path("project", "detail", booting["id"])
    assert "1 image boots with it" in text_of(html)
    assert 'class="alert alert-warning" role="status"' in html
    assert 'data-hip-tab-count="1"' in html
    # A disk of the format raw may be a kernel, and seldom is.
    raw = glance.add(disk_format="raw")
    assert "Kernel or Ramdisk Of" not in tab(browser, raw)
    glance.add(ramdisk_id=raw["id"])
    assert "Kernel or Ramdisk Of" in tab(browser, raw, fresh=1)


def test_images_that_boot_with_it_and_cannot_be_listed(browser, glance, services):
    kernel = glance.add(disk_format="aki")
    glance.failing["GET /v2/images"] = fakes.refusal(503, "No.")
    html = tab(browser, kernel)
    assert "Unable to retrieve the images that boot with others." in text_of(html)
    assert "No image has it" not in html


class _Tree(HTMLParser):
    """The names in the tree of the tab, each with its level."""

    def __init__(self, html):
        super().__init__()
        self.level, self.is_name, self.found = 0, False, []
        # Behind the opening tag of the list itself.
        self.feed(html.partition("data-hip-tree")[2].partition("</div>")[0])

    def handle_starttag(self, tag, attributes):
        self.level += tag == "ul"
        self.is_name = tag == "bdi" or ("class", "hip-code") in attributes

    def handle_endtag(self, tag):
        self.level -= tag == "ul"
        self.is_name = False

    def handle_data(self, data):
        if self.is_name:
            self.found.append((self.level, data))


def tree_of(html):
    return _Tree(html).found


def chain(glance, count, **attributes):
    """Images of which each was made from the one before."""
    made = []
    for number in range(count):
        base = {"base_image_ref": made[-1]["id"]} if made else {}
        made.append(glance.add(name=f"n{number}", **base, **attributes))
    return made


def test_the_images_are_a_tree_of_several_levels(browser, glance, services):
    made = chain(glance, 6)
    glance.add(name="sibling", base_image_ref=made[3]["id"])
    html = tab(browser, made[2])
    expected = [(0, "n0"), (1, "n1"), (2, "n2"), (3, "n3"), (4, "n4"), (4, "sibling")]
    assert tree_of(html) == expected
    assert links(html)["n0"] == path("project", "detail", made[0]["id"])
    assert links(html)["n4"] == path("project", "detail", made[4]["id"])
    assert "n2" not in links(html)
    # What was made from those below counts as theirs.
    assert "1 image was made from it" in text_of(html)


def test_the_levels_above_are_bounded(browser, glance, services):
    made = chain(glance, 9)
    asked = len(glance.calls)
    html = tab(browser, made[8])
    assert tree_of(html) == [(level, f"n{level + 3}") for level in range(6)]
    assert "Only 5 levels above the image are shown." in text_of(html)
    got = [call.path for call in glance.calls[asked:] if call.path.startswith("/v2/images/")]
    # The image of the page, and five above it.
    assert len(set(got)) == 6
    html = tab(browser, made[5])
    assert tree_of(html)[0] == (0, "n0")
    assert "Only 5 levels" not in html


def test_a_circle_ends(browser, glance, services):
    one, two = factories.image_id(), factories.image_id()
    glance.add(id=one, name="one", base_image_ref=two)
    image = glance.add(id=two, name="two", base_image_ref=one)
    html = tab(browser, image)
    assert tree_of(html) == [(0, "one"), (1, "two"), (2, "one")]
    assert "the circle ends here" in text_of(html)


def test_an_ancestor_that_the_user_cannot_see(browser, glance, services):
    hidden = glance.add(name="secret", owner=factories.FOREIGN)
    middle = glance.add(name="middle", base_image_ref=hidden["id"])
    html = tab(browser, glance.add(name="last", base_image_ref=middle["id"]))
    assert tree_of(html) == [(0, hidden["id"]), (1, "middle"), (2, "last")]
    assert "secret" not in html


def test_the_level_below_is_bounded(browser, glance, services):
    image = glance.add(name="base")
    children = [
        glance.add(name=f"c{number:02}", base_image_ref=image["id"]) for number in range(23)
    ]
    for number in range(12):
        glance.add(name=f"g{number:02}", image_id=children[0]["id"])
    glance.add(name="of the last", base_image_ref=children[-1]["id"])
    foreign = glance.add(name="theirs", base_image_ref=children[0]["id"], owner=factories.FOREIGN)
    asked = len(glance.listed())
    html = tab(browser, image)
    text = text_of(html)
    assert "3 more are not shown. What was made from them is shown for the first 10 only." in text
    assert "2 more are not shown." in text
    assert "of the last" not in text
    assert foreign["name"] not in text
    # Two for the image, and two for each of the ten.
    assert len(glance.listed()) == asked + 22
    # All of it is cached.
    tab(browser, image)
    assert len(glance.listed()) == asked + 22


def test_one_of_the_level_below_that_fails(browser, glance, services, monkeypatch):
    image = glance.add(name="base")
    child = glance.add(name="child", base_image_ref=image["id"])
    glance.add(name="grandchild", base_image_ref=child["id"])
    naming = images.images_naming

    def broken(request, image_id, *rest):
        if image_id == child["id"]:
            raise ImageServiceUnavailable("Slow.")
        return naming(request, image_id, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(images, "images_naming", broken)
        text = text_of(tab(browser, image))
    assert "child Unable to retrieve the images that were made from others. Slow." in text
    assert "grandchild" in text_of(tab(browser, image, fresh=1))


def test_a_failure_is_shown_again_for_a_moment(browser, glance, services, monkeypatch):
    """It takes many requests, one of which may wait long."""
    base = glance.add(name="base")
    image = glance.add(base_image_ref=base["id"])
    glance.failing[f"GET /v2/images/{base['id']}"] = fakes.refusal(503, "No.")
    tab(browser, image)
    glance.failing.clear()
    asked = len(glance.calls)
    assert "Unable to retrieve the image that it was made from." in text_of(tab(browser, image))
    assert [call.path for call in glance.calls[asked:] if base["id"] in call.path] == []
    moved(monkeypatch, 12)
    assert "base" in links(tab(browser, image))


def test_the_time_is_that_of_the_older_part(browser, glance, services, monkeypatch):
    image = glance.add()
    shown = re.compile(r'As of <time datetime="([^"]*)"')
    first = shown.search(tab(browser, image))[1]
    moved(monkeypatch, 45)
    # A question reads the uses anew.
    browser.get(path("project", "uses"), {"id": image["id"]})
    assert len(services["asked"]) == 4
    assert shown.search(tab(browser, image))[1] == first
    assert shown.search(tab(browser, image, fresh=1))[1] > first
