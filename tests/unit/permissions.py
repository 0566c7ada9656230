# SPDX-License-Identifier: Apache-2.0
"""Who may open and use a page: one table per page, asked of everybody in both panels."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from tests import factories

LOGIN, FORBIDDEN, MISSING, FINE = "login", 403, 404, 200

#: Everybody's answer on a page of the image that `PermissionMatrix` makes: a
#: private one of the first project. The admins' active projects are others.
READING: dict[str, dict[str, Any]] = {
    "project": {
        "anonymous": LOGIN,
        "reader": FINE,
        "member": FINE,
        "member_elsewhere": MISSING,
        "domain_admin": MISSING,
        "other_domain_admin": MISSING,
        "cloud_admin": MISSING,
    },
    "admin": {
        "anonymous": LOGIN,
        "reader": FORBIDDEN,
        "member": FORBIDDEN,
        "member_elsewhere": FORBIDDEN,
        "domain_admin": FINE,
        "other_domain_admin": MISSING,
        "cloud_admin": FINE,
    },
}
#: The same for pages that change it.
CHANGING = {
    "project": {**READING["project"], "reader": FORBIDDEN},
    "admin": READING["admin"],
}
#: Pages of the whole panel, which is everybody's own.
PANEL = {
    "project": {**dict.fromkeys(factories.PEOPLE, FINE), "anonymous": LOGIN},
    "admin": {**READING["admin"], "other_domain_admin": FINE},
}
PANEL_CHANGING = {
    "project": {**PANEL["project"], "reader": FORBIDDEN},
    "admin": PANEL["admin"],
}


def path(panel: str, page: str, image_id: str = "") -> str:
    """The path of a page as it stands in a browser."""
    if page == "detail":
        page = "detail/" if panel == "admin" else ""
    elif page == "index":
        return f"/{panel}/images/"
    else:
        page += "/"
    return f"/{panel}/images/{image_id + '/' if image_id else ''}{page}"


class PermissionMatrix:
    """Inherit, name the page, and give the table of answers."""

    page: ClassVar[str]
    expected: ClassVar[dict[str, dict[str, Any]]]
    of_an_image: ClassVar[bool] = True
    status: ClassVar[str] = "active"

    def ask(self, browser: Any, url: str) -> Any:
        return browser.get(url)

    @pytest.mark.parametrize("panel", ["project", "admin"])
    @pytest.mark.parametrize("person", factories.PEOPLE)
    def test_who_may(self, browser: Any, glance: Any, panel: str, person: str) -> None:
        image = glance.add(status=self.status)
        url = path(panel, self.page, image["id"] if self.of_an_image else "")
        browser.login_as(factories.PEOPLE[person]())
        response = self.ask(browser, url)

        expected = self.expected[panel][person]
        if expected == LOGIN:
            assert response.status_code == 302
            assert response["location"].split("?")[0].endswith("/auth/login/")
        else:
            assert response.status_code == expected
        if expected not in (FINE, 302):
            assert glance.writes == []
        if expected in (LOGIN, FORBIDDEN) and panel == "admin":
            assert glance.calls == [], "Glance was asked before it was known who asks."
