# SPDX-License-Identifier: Apache-2.0
import pytest
from keystoneauth1 import exceptions as keystone_exc

from helion_images_panel import exceptions
from helion_images_panel.api import projects
from tests import factories


@pytest.fixture
def request_():
    return factories.request(factories.cloud_admin())


@pytest.fixture
def many(keystone):
    """Seven projects and seven domains in a Keystone that returns three at once."""
    keystone.max_db_limit = 3
    keystone.projects = {f"{number}" * 32: (f"p{number}", factories.DOMAIN) for number in range(7)}
    keystone.domains = {f"d{number}": f"Domain {number}" for number in range(7)}
    return keystone


@pytest.mark.parametrize(
    "read",
    [
        lambda request: projects.project_list(request, factories.DOMAIN),
        lambda request: projects.projects_now(request, factories.DOMAIN),
        projects.all_projects,
        projects.domain_list,
    ],
)
@pytest.mark.parametrize("limit", [1, 3, 6, 7, 8])
def test_a_list_is_read_to_its_end(many, request_, read, limit):
    many.max_db_limit = limit
    assert len({entry.id for entry in read(request_)}) == 7


def test_a_list_that_fits_into_a_page_is_one_request(many, request_):
    many.max_db_limit = 8
    projects.all_projects(request_)
    assert len(many.calls) == 1


@pytest.mark.parametrize("times", [1, 2])
def test_a_project_that_is_deleted_between_two_pages(many, request_, times):
    """Keystone finds no page behind it. The list is read once more, not for ever."""
    left = [keystone_exc.NotFound() for _ in range(times)]
    listed = many._list

    def deleting(address):
        if "marker" in address and left:
            raise left.pop()
        return listed(address)

    many._list = deleting
    if times == 1:
        assert len(projects.all_projects(request_)) == 7
    else:
        with pytest.raises(exceptions.ImageServiceError):
            projects.all_projects(request_)


def test_an_incomplete_list_is_an_error(many, request_):
    many.has_pages = False
    with pytest.raises(exceptions.ImageServiceError, match="only the first 3 entries"):
        projects.projects_now(request_, factories.DOMAIN)
