# SPDX-License-Identifier: Apache-2.0
"""What a person does elsewhere while their data is under way stays done."""

from __future__ import annotations

from collections.abc import Callable

from demo.cloud import Cloud
from tests.integration.bodies import Body
from tests.integration.client import Dashboard
from tests.integration.images import Images
from tests.integration.panels import PROJECT


def elsewhere(dashboard: Dashboard) -> Dashboard:
    """Another tab of the same browser."""
    other = Dashboard(dashboard.base)
    other.session.cookies.update(dashboard.session.cookies)
    return other


def test_project_switched_during_an_upload(
    cloud: Cloud, log_in: Callable[[str], Dashboard], images: Images
) -> None:
    there = cloud.project_id("acme-lab")
    mine = images.make("stays", data=None, owner="acme-data")
    theirs = images.make("elsewhere", data=None, owner="acme-lab")
    dashboard = log_in("mona")
    assert mine in dashboard.get(PROJECT.index).rows
    tab = elsewhere(dashboard)

    def switch() -> None:
        page = tab.get(f"/auth/switch/{there}/", next=PROJECT.index)
        assert theirs in page.rows, page.text[:500]

    answer = dashboard.put(PROJECT.upload(mine), Body(8, halfway=switch))
    assert (answer.status_code, images.status(mine)) == (200, "active"), answer.text
    rows = tab.get(PROJECT.index).rows
    assert theirs in rows
    assert mine not in rows


def test_logged_out_during_an_upload(log_in: Callable[[str], Dashboard], images: Images) -> None:
    """The data has come: the answer says so, and nobody is logged in again by it."""
    image_id, dashboard = images.make("logout", data=None), log_in("alice")
    tab = elsewhere(dashboard)

    def log_out() -> None:
        assert tab.post("/auth/logout/").is_login

    answer = dashboard.put(PROJECT.upload(image_id), Body(8, halfway=log_out))
    assert (answer.status_code, images.status(image_id)) == (200, "active"), answer.text
    assert dashboard.get(PROJECT.index).is_login
