# SPDX-License-Identifier: Apache-2.0
"""The pages: who gets them, what they cost, what they say."""

import re

import pytest
from django.core.cache import cache
from keystoneauth1 import exceptions as keystone_exc

from helion_images_panel import exceptions
from helion_images_panel.api import identity, instances
from helion_images_panel.ui.base import reports
from helion_images_panel.ui.base.page_urls import DETAIL_TABS
from helion_images_panel.ui.create import views as create_views
from tests import factories
from tests.unit import fakes
from tests.unit.addresses import is_open
from tests.unit.permissions import (
    CHANGING,
    FINE,
    PANEL,
    PANEL_CHANGING,
    READING,
    PermissionMatrix,
    path,
)


class TestIndexPermissions(PermissionMatrix):
    page, expected, of_an_image = "index", PANEL, False


class TestCreatePermissions(PermissionMatrix):
    page, expected, of_an_image = "create", PANEL_CHANGING, False


class TestDetailPermissions(PermissionMatrix):
    page, expected = "detail", READING


class TestUpdatePermissions(PermissionMatrix):
    page, expected = "update", CHANGING


class TestUpdatePostPermissions(PermissionMatrix):
    page, expected = "update", CHANGING

    def ask(self, browser, url):
        return browser.post(url, {})


class TestMetadataPermissions(PermissionMatrix):
    page, expected = "metadata", CHANGING


class TestMetadataPostPermissions(PermissionMatrix):
    page = "metadata"
    # A success leads back to the list, like many a refusal would.
    expected = {
        panel: {person: 302 if answer == FINE else answer for person, answer in people.items()}
        for panel, people in CHANGING.items()
    }

    def ask(self, browser, url):
        data = {"new_name": "os_distro", "new_value": "debian", "initial-new_name": ""}
        return browser.post(url, data)


def rows(response):
    return re.findall(r'<tr[^>]*data-object-id="([^"]+)"', response.content.decode())


def test_the_project_panel_lists_its_own_public_and_shared_images(browser, glance):
    own = glance.add(name="a")
    public = glance.add(name="b", visibility="public", owner=factories.FOREIGN)
    shared = glance.add(name="c", visibility="shared", owner=factories.FOREIGN)
    glance.members[shared["id"]] = {factories.PROJECT: "accepted"}
    glance.add(name="d", owner=factories.SIBLING)
    response = browser.login_as(factories.member()).get(path("project", "index"))
    assert rows(response) == [own["id"], public["id"], shared["id"]]


def test_an_admins_project_panel_does_not_list_other_projects(browser, glance):
    own = glance.add(name="a", owner=factories.SIBLING)
    public = glance.add(name="b", visibility="public", owner=factories.FOREIGN)
    glance.add(name="c", owner=factories.PROJECT)
    glance.add(name="d", owner=factories.FOREIGN)
    response = browser.login_as(factories.domain_admin()).get(path("project", "index"))
    assert rows(response) == [own["id"], public["id"]]


@pytest.fixture
def everywhere(glance):
    return {
        owner: glance.add(name=name, owner=owner)["id"]
        for owner, (name, _domain) in factories.PROJECTS.items()
    }


def test_a_domain_admin_lists_the_domain(browser, everywhere):
    response = browser.login_as(factories.domain_admin()).get(path("admin", "index"))
    assert rows(response) == [everywhere[factories.SIBLING], everywhere[factories.PROJECT]]


def test_a_domain_admin_cannot_choose_another_domain(browser, everywhere):
    browser.login_as(factories.domain_admin())
    for domain in ("all", factories.OTHER_DOMAIN):
        response = browser.get(path("admin", "index"), {"domain": domain})
        assert everywhere[factories.FOREIGN] not in rows(response)


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("all", [factories.FOREIGN, factories.CLOUD_PROJECT, factories.SIBLING, factories.PROJECT]),
        (factories.OTHER_DOMAIN, [factories.FOREIGN]),
        ("", [factories.CLOUD_PROJECT]),
    ],
)
def test_a_cloud_admin_chooses_one_domain_or_all(browser, everywhere, domain, expected):
    browser.login_as(factories.cloud_admin())
    response = browser.get(path("admin", "index"), {"domain": domain})
    assert rows(response) == [everywhere[owner] for owner in expected]


@pytest.mark.parametrize(
    ("person", "most"), [("reader", 1), ("member", 1), ("domain_admin", 2 + 4)]
)
def test_the_project_list_costs_so_many_calls(browser, glance, keystone, person, most):
    for number in range(30):
        glance.add(name=f"n{number}", owner=factories.SIBLING if number % 2 else factories.PROJECT)
    browser.login_as(factories.PEOPLE[person]()).get(path("project", "index"))
    assert len(glance.calls) <= most
    assert keystone.calls == []


def many_projects(keystone, glance, count):
    keystone.projects = {f"{n:032x}": (f"p{n}", factories.DOMAIN) for n in range(1, count + 1)}
    for owner in keystone.projects:
        glance.add(name=f"image of {owner}", owner=owner)


def test_the_domain_list_costs_n_and_four_and_one_at_keystone(browser, glance, keystone):
    many_projects(keystone, glance, 30)
    response = browser.login_as(factories.domain_admin()).get(path("admin", "index"))
    assert len(rows(response)) == 20
    assert len(glance.calls) <= 30 + 4
    assert [call[0] for call in keystone.calls] == ["projects"]


def test_the_list_of_all_domains_costs_one_call(browser, glance, keystone):
    many_projects(keystone, glance, 30)
    url = path("admin", "index")
    browser.login_as(factories.cloud_admin()).get(url, {"domain": "all"})
    assert len(glance.calls) == 1
    # Keystone: the domains to choose from, and the owners on the page.
    assert len(keystone.calls) == 1 + 20
    keystone.calls.clear()
    browser.get(url, {"domain": "all"})
    assert keystone.calls == []


@pytest.mark.parametrize(
    ("attributes", "paths"),
    [
        ({}, []),
        ({"visibility": "public"}, []),
        ({"visibility": "shared"}, ["members"]),
        ({"status": "queued"}, ["tasks"]),
        ({"visibility": "shared", "status": "queued"}, ["tasks", "members"]),
    ],
)
def test_the_details_cost_the_image_and_what_it_has(browser, glance, attributes, paths):
    image = glance.add(**attributes)
    browser.login_as(factories.member()).get(path("project", "detail", image["id"]))
    own = f"/v2/images/{image['id']}"
    # What stores there are is the same for all images, and remembered.
    called = [call.path for call in glance.calls if call.path != "/v2/info/stores"]
    assert called == [own, *(f"{own}/{name}" for name in paths)]


@pytest.mark.parametrize("page", ["update", "metadata"])
def test_opening_a_form_costs_the_image(browser, glance, page):
    image = glance.add()
    browser.login_as(factories.member()).get(path("project", page, image["id"]))
    # Definitions, and what the cloud requires, are the same for all images, and remembered.
    same = ("/v2/metadefs/", "/v2/schemas/")
    found = [call.path for call in glance.calls if not call.path.startswith(same)]
    assert found == [f"/v2/images/{image['id']}"]


def test_paging_there_and_back_through_the_urls_of_the_page(browser, glance):
    expected = [glance.add(name="same", id=factories.image_id(n))["id"] for n in range(1, 46)]
    browser.login_as(factories.member())
    pages, url = [], path("project", "index")

    def link(response, parameter):
        found = re.search(rf'href="\?([^"]*\b{parameter}=[^"]+)"', response.content.decode())
        return path("project", "index") + "?" + found[1].replace("&amp;", "&") if found else None

    while url:
        response = browser.get(url)
        pages.append(rows(response))
        url = link(response, "image_marker") or link(response, "(?<!prev_)marker")
    assert [id_ for page in pages for id_ in page] == expected
    assert [len(page) for page in pages] == [20, 20, 5]
    url, back = link(response, "prev_marker"), []
    while url:
        response = browser.get(url)
        back.insert(0, rows(response))
        url = link(response, "prev_marker")
    assert back == pages[:-1]


def test_a_marker_that_is_gone_leads_to_the_beginning_and_keeps_the_filter(browser, glance):
    browser.login_as(factories.member())
    query = {"marker": factories.image_id(77), "status": "active"}
    response = browser.get(path("project", "index"), query)
    assert response.status_code == 302
    assert response["location"] == path("project", "index") + "?status=active"


def test_a_page_whose_images_are_gone_leads_to_the_beginning(browser, glance):
    marker = glance.add(name="z")["id"]
    browser.login_as(factories.member())
    response = browser.get(path("project", "index"), {"marker": marker})
    assert response["location"].startswith(path("project", "index"))
    assert "marker" not in response["location"]


@pytest.mark.parametrize("domain", ["../../users", "a b", "x" * 65, "'"])
def test_what_is_no_domain_is_not_asked_about(browser, keystone, domain):
    browser.login_as(factories.cloud_admin())
    assert browser.get(path("admin", "index"), {"domain": domain}).status_code == 200
    assert ("projects", domain) not in keystone.calls


@pytest.mark.parametrize("error", [keystone_exc.Unauthorized, keystone_exc.Forbidden])
def test_a_keystone_that_refuses_is_no_server_error(browser, keystone, error):
    keystone.failing = error()
    response = browser.login_as(factories.domain_admin()).get(path("admin", "index"))
    if error is keystone_exc.Unauthorized:
        assert response["location"].split("?")[0].endswith("/auth/login/")
    else:
        assert "not allowed to list the projects" in response.content.decode()


@pytest.mark.parametrize("page", ["detail", "update", "metadata"])
def test_a_glance_that_fails_on_an_image_is_said_in_place_of_the_page(browser, glance, page):
    image_id = glance.add()["id"]
    glance.failing[f"GET /v2/images/{image_id}"] = fakes.refusal(503, "Out to lunch.")
    browser.login_as(factories.member())
    response = browser.get(path("project", page, image_id))
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "Out to lunch." in response.content.decode()
    assert (
        f'href="{path("project", page, image_id)}" target="_self">Retry<'
        in response.content.decode()
    )


@pytest.mark.parametrize("panel", ["project", "admin"])
def test_a_glance_that_does_not_answer_is_said_on_the_page(browser, glance, panel):
    glance.failing["GET /v2/images"] = fakes.refusal(503, "Out to lunch.")
    response = browser.login_as(factories.domain_admin()).get(path(panel, "index"))
    assert response.status_code == 503
    assert "Unable to retrieve the images. Out to lunch." in response.content.decode()
    assert "No images yet" not in response.content.decode()


@pytest.mark.parametrize("panel", ["project", "admin"])
def test_a_list_that_glance_forbids_offers_no_retry(browser, glance, panel):
    glance.failing["GET /v2/images"] = fakes.refusal(403, "Not authorized to get images.")
    response = browser.login_as(factories.domain_admin()).get(path(panel, "index"))
    html = response.content.decode()
    assert response.status_code == 403
    assert "Retry-After" not in response
    assert "You are not allowed to list images." in html
    assert "Not authorized to get images." in html
    assert ">Retry<" not in html
    assert "No images yet" not in html


def test_an_inbox_that_glance_forbids_offers_no_retry(browser, glance):
    glance.failing["GET /v2/images"] = fakes.refusal(403, "Not authorized to get images.")
    response = browser.login_as(factories.member()).get(path("project", "shared"))
    assert (response.status_code, "Retry-After" in response) == (403, False)
    assert "You are not allowed to list images." in response.content.decode()


@pytest.mark.parametrize("page", ["detail", "update", "metadata"])
def test_an_image_that_glance_forbids_offers_no_retry(browser, glance, page):
    image_id = glance.add()["id"]
    glance.failing[f"GET /v2/images/{image_id}"] = fakes.refusal(403, "Not for you.")
    browser.login_as(factories.member())
    for headers, status in (({}, 403), ({"x-requested-with": "XMLHttpRequest"}, 200)):
        if page == "detail" and headers:
            continue
        response = browser.get(path("project", page, image_id), headers=headers)
        assert (response.status_code, "Retry-After" in response) == (status, False)
        assert "Not for you." in response.content.decode()
        assert ">Retry<" not in response.content.decode()


def test_a_form_that_glance_forbids_keeps_its_input(browser, glance):
    image_id = glance.add()["id"]
    glance.failing[f"GET /v2/images/{image_id}"] = fakes.refusal(403, "Not for you.")
    browser.login_as(factories.member())
    response = browser.post(path("project", "update", image_id), {"name": "typed"})
    html = response.content.decode()
    assert response.status_code == 403
    assert "typed</textarea>" in html
    assert ">Retry</button>" in html


@pytest.mark.parametrize("is_down", [False, True])
def test_an_outdated_page_is_refused_whether_or_not_keystone_responds(
    browser, glance, monkeypatch, is_down
):
    """Horizon's frame needs Keystone; what was entered does not."""

    def fail(*_args, **_kwargs):
        raise exceptions.identity_does_not_answer()

    if is_down:
        monkeypatch.setattr(identity, "prepare_page", fail)
    browser.login_as(factories.member())
    elsewhere = "user_id=u&user_name=x&project_id=p&project_name=p&region=r"
    url = path("project", "update", glance.add()["id"])
    response = browser.post(url, {"name": "typed", "hip_page": elsewhere})
    html = response.content.decode()
    assert response.status_code == 409
    assert 'name="name" value="typed"' in html
    assert ("navbar" in html) != is_down


@pytest.mark.parametrize("person", ["domain_admin", "cloud_admin"])
def test_a_keystone_that_does_not_answer_is_said_on_the_page(browser, keystone, person):
    keystone.failing = keystone_exc.ConnectFailure()
    response = browser.login_as(factories.PEOPLE[person]()).get(path("admin", "index"))
    assert response.status_code == 503
    assert "The identity service is not responding." in response.content.decode()


@pytest.mark.parametrize("page", ["index", "create"])
def test_an_expired_token_asks_for_a_new_login(browser, glance, page):
    error = fakes.refusal(401, "Token expired")
    glance.failing = {"GET /v2/images": error, "GET /v2/info/import": error}
    browser.login_as(factories.member())
    response = browser.get(path("project", page))
    assert response.status_code == 302
    assert response["location"].split("?")[0].endswith("/auth/login/")


def test_filter_data_first_asks_for_nothing_until_a_filter_is_set(browser, glance, settings):
    settings.FILTER_DATA_FIRST = {"admin.images": True}
    glance.add(name="wanted")
    browser.login_as(factories.domain_admin())
    assert rows(browser.get(path("admin", "index"))) == []
    assert glance.calls == []
    assert len(rows(browser.get(path("admin", "index"), {"name": "wanted"}))) == 1


@pytest.mark.parametrize("panel", ["project", "admin"])
@pytest.mark.parametrize("page", ["detail", "update", "metadata"])
@pytest.mark.parametrize("image_id", ["no-id", "6b1c0e62-0000-4000-8000-000000000000"])
def test_what_does_not_exist_is_a_404(browser, panel, page, image_id):
    browser.login_as(factories.domain_admin())
    assert browser.get(path(panel, page, image_id)).status_code == 404


@pytest.mark.parametrize("panel", ["project", "admin"])
def test_a_post_that_is_no_action_changes_nothing(browser, glance, panel):
    glance.add(owner=factories.SIBLING)
    browser.login_as(factories.domain_admin())
    response = browser.post(path(panel, "index"), {"action": "images__explode__x"})
    assert response.status_code == 302
    assert glance.writes == []


@pytest.mark.parametrize("name", factories.HOSTILE_NAMES)
@pytest.mark.parametrize("page", ["index", "detail", "update", "metadata"])
def test_hostile_names_are_only_text(browser, glance, name, page):
    image = glance.add(name=name, description=name, tags=[name], evil=name, owner=factories.PROJECT)
    browser.login_as(factories.member())
    response = browser.get(path("project", page, "" if page == "index" else image["id"]))
    html = response.content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert 'href="javascript:alert' not in html
    assert_angular_sees_no_expression(html)


VOID = ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr")


def assert_angular_sees_no_expression(html):
    """No "{$ … constructor … $}" outside of elements that AngularJS leaves alone."""
    inert, stack = 0, []
    for tag, text in re.findall(r"(<[^>]*>)|([^<]+)", re.sub(r"(?s)<script.*?</script>", "", html)):
        if text or inert:
            assert inert or "{$ constructor" not in text
        elif tag and "ng-non-bindable" not in tag:
            assert "{$ constructor" not in tag
        name = re.match(r"</?([a-z0-9-]+)", tag or "")
        if not name or name[1] in VOID or tag.endswith("/>"):
            continue
        if not tag.startswith("</"):
            stack.append((name[1], "ng-non-bindable" in tag))
            inert += stack[-1][1]
        elif name[1] in [each for each, _ in stack]:
            while True:
                closed, was_inert = stack.pop()
                inert -= was_inert
                if closed == name[1]:
                    break


def test_a_table_that_a_script_fetches_undoes_nothing_that_is_told_meanwhile(
    browser, glance, monkeypatch
):
    """An action ends while the table is being made: what became of it is told all the same."""
    browser.login_as(factories.member())
    waiting = {"failed": False, "title": "Deleted Image", "groups": [], "hint": ""}
    told = reports.pop_reports

    def told_while_an_action_ends(request):
        found = told(request)
        store = browser.session
        store[reports.SESSION_KEY] = [waiting]
        store.save()
        return found

    browser.get(path("project", "index"))
    monkeypatch.setattr(reports, "pop_reports", told_while_an_action_ends)
    browser.get(path("project", "index"), headers={reports.REFRESH_HEADER: "table"})
    monkeypatch.setattr(reports, "pop_reports", told)
    page = browser.get(path("project", "index"), headers={reports.REFRESH_HEADER: "table"})
    assert "Deleted Image" in page.content.decode()
    assert reports.SESSION_KEY not in browser.session


FORMS = ("update", "share", "metadata")


@pytest.mark.parametrize("page", FORMS)
def test_input_is_kept_where_the_image_cannot_be_read(browser, glance, page):
    """Retry sends the same form once more, of a page and of a dialog."""
    image_id = glance.add()["id"]
    glance.failing[f"GET /v2/images/{image_id}"] = fakes.refusal(503, "Out to lunch.")
    browser.login_as(factories.member())
    url = path("project", page, image_id)
    fields = {"name": "<b>typed</b>", "description": "\ntwo\nlines", "projects": ["one", "two"]}
    for headers, status in (({}, 503), ({"x-requested-with": "XMLHttpRequest"}, 200)):
        response = browser.post(url, fields, headers=headers)
        assert response.status_code == status
        html = response.content.decode()
        assert "Out to lunch." in html
        assert f'action="{url}"' in html
        assert "&lt;b&gt;typed&lt;/b&gt;</textarea>" in html
        assert re.search(r'name="description" hidden>\s\s+two\s+lines</textarea>', html)
        assert len(re.findall(r'name="projects"', html)) == 2


def test_the_script_of_a_new_image_is_told_why_in_json(browser, glance, monkeypatch):
    """It has the form and the chosen file, and keeps both."""

    def fail(_request):
        raise exceptions.identity_does_not_answer()

    monkeypatch.setattr(create_views, "new_image_audiences", fail)
    browser.login_as(factories.member())
    response = browser.post(path("project", "create"), {"name": "x"})
    assert response.status_code == 503
    assert response.json() == {"reason": "The identity service is not responding."}


def test_a_change_that_is_not_confirmed_is_not_called_refused(browser, glance, monkeypatch):
    image = glance.add(name="old")
    browser.login_as(factories.member())
    monkeypatch.setattr(fakes.FakeHttp, "patch", lambda *_args, **_kwargs: (None, {}))
    fields = {"name": "new", "initial-name": "old", "visibility": "private"}
    response = browser.post(path("project", "update", image["id"]), fields)
    html = response.content.decode()
    assert "did not confirm the change" in html
    assert "was not changed" not in html


@pytest.mark.parametrize("panel", ["project", "admin"])
def test_private_pages_are_stored_nowhere(browser, glance, keystone, panel):
    image_id = glance.add()["id"]
    person = factories.domain_admin() if panel == "admin" else factories.member()
    browser.login_as(person)
    for page in ("index", "detail", "update", "create", "progress", "access", "projects"):
        arguments = [image_id] if page in ("detail", "update") else []
        response = browser.get(path(panel, page, *arguments))
        assert response.status_code == 200, page
        assert response["Cache-Control"] == "no-store"
        assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", ["update", "metadata", "share", "create", "verify"])
def test_refusals_are_stored_nowhere_either(browser, glance, page, method):
    """They name the user and the project."""
    arguments = [] if page == "create" else [glance.add()["id"]]
    browser.login_as(factories.reader())
    response = getattr(browser, method)(path("project", page, *arguments))
    assert response.status_code == 403
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("page", ["index", "create", "publish"])
def test_horizons_frame_needs_keystone_too(browser, glance, monkeypatch, page):
    """A page without it says why, and Horizon's code that would fail is not run."""

    def fail(_request, has_frame):
        assert has_frame
        raise exceptions.identity_does_not_answer()

    monkeypatch.setattr(identity, "prepare_page", fail)
    browser.login_as(factories.member())
    url = path("project", page) + f"?id={glance.add(status='active')['id']}"
    response = browser.get(url)
    html = response.content.decode()
    assert response.status_code == 503
    assert "The identity service is not responding." in html
    assert f'href="{url}" target="_self">Retry<' in html
    assert "navbar" not in html


def test_a_report_is_shown_once_on_a_list_that_fails(browser, glance):
    """Django does not write the session with a response of status 5xx."""
    glance.failing["GET /v2/images"] = fakes.refusal(503, "Out to lunch.")
    browser.login_as(factories.member())
    session = browser.session
    session[reports.SESSION_KEY] = [
        {"failed": True, "title": "It failed", "groups": [], "hint": ""},
    ]
    session.save()
    pages = [browser.get(path("project", "index")).content.decode() for _ in range(2)]
    assert ["It failed" in page for page in pages] == [True, False]


#: What a page can do without, each failing alone, by its path at Glance.
OPTIONAL = (
    "info/import",
    "info/stores",
    "info/usage",
    "schemas/image",
    "metadefs/namespaces",
    "images/{image}/members",
    "images/{image}/tasks",
)
PAGES = {
    **dict.fromkeys(("detail", "update", "metadata", "share", "publish?id={image}"), "image"),
    **{
        f"detail?tab={DETAIL_TABS}__{tab}": "image"
        for tab in ("access", "used_by", "stores", "activity")
    },
    **dict.fromkeys(("progress?id={image}", "access?id={image}", "uses?id={image}"), "image"),
    **dict.fromkeys(("create", "index"), ""),
    "upload_data": "queued",
}


def _url(panel, page, ids):
    name, _mark, query = page.partition("?")
    of_image = "" if "{image}" in query else ids.get(PAGES[page], "")
    return f"{path(panel, name, of_image)}?{query.format(**ids)}"


@pytest.mark.parametrize("optional", OPTIONAL)
@pytest.mark.parametrize(
    ("panel", "person"), [("project", factories.member), ("admin", factories.domain_admin)]
)
def test_a_page_works_without_one_answer(
    browser, glance, keystone, monkeypatch, panel, person, optional
):
    """Only the dialog Publish, whose choice needs the members, says so in place of its choice."""
    glance.stores = [{"id": "fast", "default": "true"}, {"id": "archive"}]
    glance.import_methods = ["web-download", "copy-image"]
    copying = {"os_glance_import_task": "t", "os_glance_importing_to_stores": "archive"}
    image = glance.add(name="x", visibility="shared", stores="fast", **copying)
    glance.members[image["id"]] = {factories.SIBLING: "accepted"}
    ids = {"image": image["id"], "queued": glance.add(status="queued", size=None)["id"]}
    monkeypatch.setattr(instances, "has_compute", lambda _request: False)
    browser.login_as(person())
    for page in PAGES:
        url = _url(panel, page, ids)
        response = browser.get(url)
        expected = response.status_code
        assert expected in (200, 403), page
        _name, _mark, tab = page.partition("?tab=")
        assert not tab or is_open(tab, response), page
        for name in ids:
            glance.failing[f"GET /v2/{optional}".format(image=ids[name])] = fakes.refusal(
                503, "No."
            )
        cache.clear()
        assert browser.get(url).status_code == expected, page
        glance.failing.clear()
        cache.clear()


@pytest.mark.parametrize("page", ["index?domain=all", "detail?", "change_owner?"])
def test_a_cloud_admin_sees_ids_where_keystone_tells_no_names(browser, glance, keystone, page):
    image = glance.add(name="x", owner=factories.SIBLING)
    keystone.failing = keystone_exc.InternalServerError()
    name, _mark, query = page.partition("?")
    url = path("admin", name, "" if name == "index" else image["id"])
    response = browser.login_as(factories.cloud_admin()).get(f"{url}?{query}")
    assert response.status_code == 200
    assert factories.SIBLING in response.content.decode()
