# SPDX-License-Identifier: Apache-2.0
import pytest
from horizon import exceptions as horizon_exceptions

from helion_images_panel import exceptions
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source
from helion_images_panel.ui.scopes import project_names
from helion_images_panel.ui.scopes.admin_scope import ADMIN
from helion_images_panel.ui.scopes.domain_roles import domain_of, is_cloud_admin
from helion_images_panel.ui.scopes.scope import PROJECT
from tests import factories

OWNERS = (factories.PROJECT, factories.SIBLING, factories.FOREIGN, factories.CLOUD_PROJECT)
DOMAIN_SOURCES = [Source(factories.PROJECT, "all"), Source(factories.SIBLING, "all")]


def request_of(person, parameters=None, **session):
    request = factories.request(factories.PEOPLE[person](), **session)
    request.GET = parameters or {}
    return request


@pytest.mark.parametrize(
    ("scope", "name", "args", "url"),
    [
        (PROJECT, "index", (), "/project/images/"),
        (PROJECT, "create", (), "/project/images/create/"),
        (PROJECT, "detail", ("x",), "/project/images/x/"),
        (ADMIN, "index", (), "/admin/images/"),
        (ADMIN, "update", ("x",), "/admin/images/x/update/"),
        (ADMIN, "detail", ("x",), "/admin/images/x/detail/"),
    ],
)
def test_url(scope, name, args, url):
    assert scope.url(name, *args) == url


@pytest.mark.parametrize(
    ("person", "visibility", "sources"),
    [
        ("member", "", [Source()]),
        ("member", "community", [Source()]),
        ("domain_admin", "", [Source(factories.SIBLING, "all"), Source(visibility="public")]),
        (
            "domain_admin",
            "community",
            [
                Source(factories.SIBLING, "all"),
                Source(visibility="public"),
                Source(visibility="community"),
            ],
        ),
    ],
)
def test_sources_of_the_project_panel(person, visibility, sources):
    query = ImageQuery(visibility=visibility)
    assert list(PROJECT.sources(request_of(person), query)) == sources


def test_sources_of_a_domain(keystone):
    request = request_of("domain_admin")
    assert list(ADMIN.bound(request).sources(request, ImageQuery())) == DOMAIN_SOURCES


def test_sources_of_all_domains(keystone):
    request = request_of("cloud_admin", {"domain": "all"})
    assert list(ADMIN.bound(request).sources(request, ImageQuery())) == [Source(visibility="all")]


@pytest.mark.parametrize(
    ("person", "choice", "domain", "kept"),
    [
        ("domain_admin", "", factories.DOMAIN, {}),
        ("domain_admin", "all", factories.DOMAIN, {}),
        ("domain_admin", factories.OTHER_DOMAIN, factories.DOMAIN, {}),
        ("cloud_admin", "", factories.CLOUD_DOMAIN, {}),
        ("cloud_admin", "all", None, {"domain": "all"}),
        ("cloud_admin", factories.DOMAIN, factories.DOMAIN, {"domain": factories.DOMAIN}),
    ],
)
def test_the_domain_that_the_url_chooses(keystone, person, choice, domain, kept):
    scope = ADMIN.bound(request_of(person, {"domain": choice}))
    assert scope.domain_id == domain
    assert scope.url_parameters() == kept
    assert scope.lists_all_owners


def test_the_scope_that_all_requests_share_stays_as_it_is(keystone):
    ADMIN.bound(request_of("cloud_admin", {"domain": factories.DOMAIN}))
    assert (ADMIN.domain_id, ADMIN.chosen) == (None, False)


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("visibility", ["private", "shared", "community", "public"])
@pytest.mark.parametrize(
    ("person", "domains"),
    [
        ("domain_admin", {factories.DOMAIN}),
        ("other_domain_admin", {factories.OTHER_DOMAIN}),
        ("cloud_admin", set(factories.DOMAINS)),
    ],
)
def test_an_admin_reads_and_writes_the_domain_and_no_other(
    keystone, person, domains, owner, visibility
):
    image = factories.image(owner=owner, visibility=visibility)
    expected = factories.PROJECTS[owner][1] in domains
    assert ADMIN.may_read(request_of(person), image) is expected
    assert ADMIN.may_write(request_of(person), image) is expected


@pytest.mark.parametrize(
    ("owner", "person", "expected"),
    [
        (None, "domain_admin", False),
        ("", "domain_admin", False),
        ("gone", "domain_admin", False),
        (None, "cloud_admin", True),
        ("gone", "cloud_admin", True),
    ],
)
def test_images_of_nobody_are_the_cloud_admins(keystone, owner, person, expected):
    assert ADMIN.may_read(request_of(person), factories.image(owner=owner)) is expected


def test_a_project_newer_than_the_cached_list_is_found(keystone):
    request = request_of("domain_admin")
    assert ADMIN.may_read(request, factories.image(owner=factories.PROJECT))
    keystone.projects["new"] = ("new", factories.DOMAIN)
    assert ADMIN.may_read(request, factories.image(owner="new"))


@pytest.mark.parametrize(
    ("owner", "visibility", "expected"),
    [
        (factories.SIBLING, "private", True),
        (factories.PROJECT, "private", False),
        (factories.PROJECT, "shared", False),
        (factories.PROJECT, "public", True),
        (factories.PROJECT, "community", True),
    ],
)
def test_an_admins_token_does_not_open_others_images_in_the_project_panel(
    glance, owner, visibility, expected
):
    image = factories.Image.from_glance(glance.add(owner=owner, visibility=visibility))
    request = request_of("domain_admin")
    assert PROJECT.may_read(request, image) is expected
    assert PROJECT.may_write(request, image) is (owner == factories.SIBLING)


def test_an_image_shared_with_an_admins_project_is_read(glance):
    body = glance.add(visibility="shared")
    glance.members[body["id"]] = {factories.SIBLING: "pending"}
    assert PROJECT.may_read(request_of("domain_admin"), factories.Image.from_glance(body))


def test_an_image_out_of_scope_does_not_exist(glance, keystone):
    image_id = glance.add(owner=factories.FOREIGN)["id"]
    with pytest.raises(exceptions.ImageNotFound):
        ADMIN.image(request_of("domain_admin"), image_id)
    assert ADMIN.image(request_of("other_domain_admin"), image_id).id == image_id


@pytest.mark.parametrize(
    ("person", "configured", "expected"),
    [
        ("cloud_admin", ["default"], True),
        ("domain_admin", ["default"], False),
        ("domain_admin", ["default", factories.DOMAIN], True),
        ("cloud_admin", [], False),
        ("member", [factories.DOMAIN], False),
    ],
)
def test_cloud_admins_are_admins_of_the_configured_domains(settings, person, configured, expected):
    settings.HELION_IMAGES_CLOUD_ADMIN_DOMAINS = configured
    assert is_cloud_admin(request_of(person)) is expected


@pytest.mark.parametrize(
    ("person", "is_admin_there", "expected"),
    [
        ("domain_admin", False, factories.DOMAIN),
        ("domain_admin", True, factories.OTHER_DOMAIN),
        ("cloud_admin", False, factories.OTHER_DOMAIN),
    ],
)
def test_horizons_domain_context_counts_for_admins_of_that_domain_only(
    keystone, person, is_admin_there, expected
):
    request = request_of(person, domain_context=factories.OTHER_DOMAIN)
    if is_admin_there:
        keystone.admins = {(request.user.id, factories.OTHER_DOMAIN)}
    assert domain_of(request) == expected


def _elsewhere(project_domain, **changes):
    """An admin of a project that lies in another domain than their own."""
    user = factories.domain_admin(**changes)
    user.token.project = {**user.token.project, "domain_id": project_domain}
    return factories.request(user)


def test_a_role_in_another_domain_makes_nobody_admin_of_their_own(keystone):
    with pytest.raises(horizon_exceptions.NotAuthorized):
        domain_of(_elsewhere(factories.OTHER_DOMAIN))


@pytest.mark.parametrize("target", [factories.DOMAIN, factories.PROJECT])
def test_admins_of_a_domain_stay_so_whichever_project_is_active(keystone, target):
    request = _elsewhere(factories.OTHER_DOMAIN)
    keystone.admins = {(request.user.id, target)}
    assert domain_of(request) == factories.DOMAIN


def test_cloud_admins_are_admins_in_their_own_domain(keystone, settings):
    settings.HELION_IMAGES_CLOUD_ADMIN_DOMAINS = [factories.DOMAIN]
    assert is_cloud_admin(_elsewhere(factories.DOMAIN))
    assert not is_cloud_admin(_elsewhere(factories.OTHER_DOMAIN))


@pytest.mark.parametrize("system_services", [[], ["compute"]])
@pytest.mark.parametrize("system_scoped", [False, True])
def test_the_admin_panel_wants_the_scope_that_the_cloud_is_set_to(
    settings, system_services, system_scoped
):
    settings.SYSTEM_SCOPE_SERVICES = system_services
    request = factories.request(factories.domain_admin(system_scoped=system_scoped))
    if bool(system_services) is system_scoped:
        ADMIN.check_access(request)
    else:
        with pytest.raises(horizon_exceptions.NotAuthorized):
            ADMIN.check_access(request)


@pytest.mark.parametrize("person", ["reader", "member"])
def test_only_admins_use_the_admin_panel(person):
    PROJECT.check_access(request_of(person))
    with pytest.raises(horizon_exceptions.NotAuthorized):
        ADMIN.check_access(request_of(person))


def test_the_name_of_a_project_moves_no_other_word(keystone):
    keystone.projects[factories.FOREIGN] = ("\u202ebal", factories.OTHER_DOMAIN)
    request = request_of("cloud_admin", {"domain": "all"})
    names = project_names.panel_names(request, ADMIN.bound(request), [factories.FOREIGN])
    assert names == {factories.FOREIGN: "\u2068\u202ebal\u2069"}


def test_names_of_projects(keystone):
    wanted = [factories.PROJECT, factories.FOREIGN, ""]
    member = request_of("member")
    assert PROJECT.project_names(member, wanted) == {factories.PROJECT: "web"}
    request = request_of("domain_admin")
    names = ADMIN.bound(request).project_names(request, wanted)
    assert names == {factories.PROJECT: "web", factories.SIBLING: "shop"}
    cloud = request_of("cloud_admin", {"domain": "all"})
    names = ADMIN.bound(cloud).project_names(cloud, wanted)
    assert names == {factories.PROJECT: "web", factories.FOREIGN: "lab"}
