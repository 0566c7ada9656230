# SPDX-License-Identifier: Apache-2.0
"""The two files with which an operator puts the panels into a Horizon."""

import copy
from pathlib import Path

import horizon
import pytest
from django.conf import settings as django_settings
from django.urls import resolve, reverse
from openstack_dashboard import enabled as stock

from helion_images_panel import exceptions
from helion_images_panel.ui.listing.views import IndexView
from tests import factories

IMAGE = "6b1c0e62-0000-4000-8000-000000000000"
FILES = Path(__file__).resolve().parents[2] / "helion_images_panel" / "enabled"


@pytest.fixture(autouse=True)
def _site():
    """Horizon builds its site when the first URL is looked up."""
    reverse("horizon:project:images:index")


def test_each_file_has_the_name_of_the_stock_file_whose_place_it_takes():
    folder = Path(stock.__file__).parent
    ours = sorted(path.name for path in FILES.glob("_[0-9]*.py"))
    assert len(ours) == 2
    assert all((folder / name).exists() for name in ours)


@pytest.mark.parametrize("dashboard", ["project", "admin"])
def test_the_panel_is_ours(dashboard):
    panel = horizon.get_dashboard(dashboard).get_panel("images")
    assert type(panel).__module__ == f"helion_images_panel.dashboards.{dashboard}.images.panel"


@pytest.mark.parametrize(
    ("dashboard", "group", "title"),
    [("project", "compute", "Compute"), ("admin", "admin", "System")],
)
def test_the_panel_stands_in_its_group(dashboard, group, title):
    panel_group = horizon.get_dashboard(dashboard).get_panel_group(group)
    assert str(panel_group.name) == title
    assert "images" in [panel.slug for panel in panel_group]


@pytest.mark.parametrize(
    ("name", "args", "path"),
    [
        # Names that Horizon's other panels reverse.
        ("horizon:project:images:index", (), "/project/images/"),
        ("horizon:project:images:images:detail", (IMAGE,), f"/project/images/{IMAGE}/"),
        ("horizon:project:images:images:create", (), "/project/images/create/"),
        ("horizon:project:images:images:update", (IMAGE,), f"/project/images/{IMAGE}/update/"),
        ("horizon:project:images:snapshots:create", ("i1",), "/project/images/i1/create/"),
        ("horizon:admin:images:index", (), "/admin/images/"),
        ("horizon:admin:images:detail", (IMAGE,), f"/admin/images/{IMAGE}/detail/"),
        ("horizon:admin:images:create", (), "/admin/images/create/"),
        ("horizon:admin:images:update", (IMAGE,), f"/admin/images/{IMAGE}/update/"),
    ],
)
def test_names_that_others_rely_on(name, args, path):
    assert reverse(name, args=args) == path


@pytest.mark.parametrize("namespace", ["project:images:images", "admin:images"])
def test_the_metadata_page_has_its_stock_name(namespace):
    assert reverse(f"horizon:{namespace}:metadata", args=(IMAGE,)).endswith("/metadata/")


@pytest.mark.parametrize(
    ("path", "scope"), [("/project/images/", "project"), ("/admin/images/", "admin")]
)
def test_the_views_behind_the_urls_are_ours(path, scope):
    match = resolve(path)
    assert match.func.view_class is IndexView
    assert match.func.view_initkwargs["scope"].dashboard == scope


def test_horizon_can_handle_our_errors():
    known = django_settings.HORIZON_CONFIG["exceptions"]
    assert exceptions.ImageNotFound in known["not_found"]
    assert exceptions.ImageServiceError in known["recoverable"]
    assert all(isinstance(cls, type) for classes in known.values() for cls in classes)


def test_the_configuration_can_be_copied():
    """Tests of Horizon and of other plugins copy all of it; it has the names of these files."""
    copied = copy.deepcopy(django_settings.HORIZON_CONFIG["panel_customization"])
    assert ("project", "images") in {
        (config.get("PANEL_DASHBOARD"), config.get("PANEL")) for config in copied
    }


@pytest.mark.parametrize("system_services", [[], ["compute"]])
@pytest.mark.parametrize("system_scoped", [False, True])
def test_the_admin_panel_shows_in_the_scope_that_the_cloud_is_set_to(
    settings, system_services, system_scoped
):
    settings.SYSTEM_SCOPE_SERVICES = system_services
    panel = horizon.get_dashboard("admin").get_panel("images")
    request = factories.request(factories.domain_admin(system_scoped=system_scoped))
    assert panel.allowed({"request": request}) is (bool(system_services) is system_scoped)


@pytest.mark.parametrize(
    ("person", "dashboard", "shown"),
    [
        ("reader", "project", True),
        ("member", "project", True),
        ("reader", "admin", False),
        ("member", "admin", False),
        ("domain_admin", "admin", True),
    ],
)
def test_who_has_the_panel_in_the_navigation(person, dashboard, shown):
    panel = horizon.get_dashboard(dashboard).get_panel("images")
    request = factories.request(factories.PEOPLE[person]())
    assert panel.can_access({"request": request}) is shown


@pytest.mark.parametrize("panel", ["project", "admin"])
def test_without_an_image_service_there_is_no_panel(browser, panel):
    person = factories.domain_admin(services=("identity",))
    assert browser.login_as(person).get(f"/{panel}/images/").status_code == 403
