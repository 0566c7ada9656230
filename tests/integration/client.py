# SPDX-License-Identifier: Apache-2.0
"""A person with a browser, as far as HTTP goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from django.http import HttpRequest
from django.utils.html import conditional_escape as escape

from demo.accounts import User
from tests.integration.markup import Element, parse

TIMEOUT_S = 120
#: What is said of an image that does not exist, and of one that the person may not see.
NOT_FOUND = "Image not found. It was deleted already, or it is not visible here."
LOGIN_PATH = "/auth/login/"
SUBMITTED = {"text", "hidden", "number", "search", "email", "url", "password"}


@dataclass
class Form:
    """A form as it was served: change `fields`, then have it posted."""

    action: str
    fields: dict[str, Any]
    element: Element

    def options(self, name: str) -> list[str]:
        return [
            option.get("value") for option in self.element.first("select", name=name).all("option")
        ]

    @property
    def errors(self) -> list[str]:
        """What is said beside fields, and above all of them."""
        return _errors(self.element)


class Page:
    """An answer of the dashboard, with what was on the way to it."""

    def __init__(self, response: requests.Response):
        self.response = response
        self.status = response.status_code
        self.url = response.url
        self.html = response.text

    @cached_property
    def tree(self) -> Element:
        return parse(self.html)

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def text(self) -> str:
        return self.tree.text

    @cached_property
    def messages(self) -> list[str]:
        """Such as "Success: Created image x."."""
        found = [
            alert for box in self.tree.all("div", "messages") for alert in box.all("div", "alert")
        ]
        return [alert.text for alert in found]

    @property
    def errors(self) -> list[str]:
        return errors_in(self.messages)

    @property
    def is_login(self) -> bool:
        return self.path == LOGIN_PATH

    @property
    def leads_to_login(self) -> bool:
        """For an answer that was not followed."""
        return urlsplit(self.response.headers.get("Location", "")).path == LOGIN_PATH

    @property
    def form_errors(self) -> list[str]:
        """What a form that was not taken says, beside fields and above them."""
        return [error for form in self.tree.all("form") for error in _errors(form)]

    @cached_property
    def rows(self) -> dict[str, dict[str, str]]:
        """Image ID to the text of its cells by the heading of their columns."""
        tables = self.tree.all("table", id="images")
        if not tables:
            return {}
        headings = [
            cell.text
            for cell in tables[0].first("tr", "table_column_header").children
            if isinstance(cell, Element)
        ]
        found = {}
        for row in tables[0].all("tr"):
            if row.get("data-object-id"):
                cells = [cell.text for cell in row.children if isinstance(cell, Element)]
                found[row["data-object-id"]] = dict(zip(headings, cells, strict=True))
        return found

    def row(self, image_id: str) -> Element:
        return self.tree.first("tr", data_object_id=image_id)

    def row_actions(self, image_id: str) -> set[str]:
        """Names of the actions that a row offers, such as "delete"."""
        return _actions(self.row(image_id), image_id)

    def offered(self, image_id: str) -> set[str]:
        """The same of a page that has no rows: that of the image."""
        return _actions(self.tree, image_id)

    @property
    def table_actions(self) -> set[str]:
        marker = "images__action_"
        found = (element.get("id") for element in self.tree.walk())
        return {id_.removeprefix(marker) for id_ in found if id_.startswith(marker)}

    def link(self, beginning: str) -> str | None:
        """Where the link leads whose text begins so, as a whole address."""
        for anchor in self.tree.all("a"):
            if anchor.text.startswith(beginning):
                return urljoin(self.url, anchor["href"])
        return None

    @property
    def next_url(self) -> str | None:
        return self.link("Next")

    @property
    def previous_url(self) -> str | None:
        return self.link("« Prev")

    def form(self, has: str) -> Form:
        """The form that has a field of this name, with what it would submit."""
        for element in self.tree.all("form"):
            fields = _fields(element)
            if has in fields or element.all(name=has):
                return Form(urljoin(self.url, element.get("action") or self.url), fields, element)
        raise AssertionError(
            f"no form with {has!r} at {self.url} ({self.status}): {self.text[:1500]}"
        )


def _actions(element: Element, image_id: str) -> set[str]:
    marker = f"images__row_{image_id}__action_"
    found = (each.get("id") for each in element.walk())
    return {id_.removeprefix(marker) for id_ in found if id_.startswith(marker)}


def errors_in(messages: Iterable[str]) -> list[str]:
    return [text for text in messages if text.startswith("Error:")]


def _errors(form: Element) -> list[str]:
    found = [*form.all("span", "help-block"), *form.all("div", "alert-danger")]
    return [element.text for element in found]


def _fields(form: Element) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for element in form.walk():
        name = element.get("name")
        if not name or "disabled" in element.attributes:
            continue
        if element.tag == "input" and element.get("type", "text") in SUBMITTED:
            fields[name] = element.get("value")
        elif element.tag == "input" and element.get("type") in ("checkbox", "radio"):
            if "checked" in element.attributes:
                fields[name] = element.get("value", "on")
        elif element.tag == "textarea":
            fields[name] = element.raw_text.removeprefix("\r\n").removeprefix("\n")
        elif element.tag == "select":
            options = element.all("option")
            chosen = [o for o in options if "selected" in o.attributes] or options[:1]
            fields[name] = chosen[0].get("value", chosen[0].text) if chosen else ""
    return fields


class Dashboard:
    """The dashboard as one person sees it; nobody has logged in at first."""

    #: One of Horizon's themes, instead of the default one: see tests/integration/frameless.
    theme = ""

    def __init__(self, url: str):
        self.base = url
        self.session = requests.Session()
        self.session.trust_env = False

    def another_tab(self) -> Dashboard:
        """A tab of the same browser: whoever logs in or out there does so here, too."""
        tab = Dashboard(self.base)
        tab.session.cookies = self.session.cookies
        return tab

    def switch(self, project_id: str) -> None:
        """Makes the project the active one, and goes to no page."""
        path = f"/auth/switch/{project_id}/"
        answer = self.request("GET", path, params={"next": "/auth/"}, allow_redirects=False)
        assert answer.status == 302, answer.text

    def log_in(self, user: User, project_id: str = "") -> Dashboard:
        """Logged in, and in the given one of their projects, as a browser would remember it.

        Whoever has several and says nothing lands in whichever Keystone names first.
        """
        if project_id:
            self.session.cookies.set("recent_project", project_id)
        form = self.get("/auth/login/").form("username")
        form.fields.update(username=user.name, password=user.password, domain=user.domain)
        page = self.submit(form)
        assert not page.is_login, f"{user.name} could not log in: {page.text[:500]}"
        return self

    def request(self, method: str, path: str, **kwargs: Any) -> Page:
        if self.theme:
            kwargs["cookies"] = {"theme": self.theme, **kwargs.get("cookies", {})}
        return Page(
            self.session.request(method, urljoin(self.base, path), timeout=TIMEOUT_S, **kwargs)
        )

    def get(self, path: str, **parameters: Any) -> Page:
        return self.request("GET", path, params=parameters)

    def get_json(self, path: str, **parameters: Any) -> Any:
        return self.get(path, **parameters).response.json()

    @property
    def csrf_token(self) -> str:
        return self.session.cookies.get("csrftoken") or ""

    def waiting_messages(self) -> list[str]:
        """What the next page would tell, as `Page.messages` has it; it is told no more then.

        Horizon keeps that in a cookie; what became of rows waits elsewhere, see ui/outcomes.py.
        """
        # Django has to know its settings first.
        from django.contrib.messages.storage.cookie import CookieStorage

        kept = self.session.cookies.get(CookieStorage.cookie_name)
        if not kept:
            return []
        del self.session.cookies[CookieStorage.cookie_name]
        request = HttpRequest()
        request.COOKIES[CookieStorage.cookie_name] = kept
        return [
            f"{message.level_tag.capitalize()}: {parse(escape(message.message)).text}"
            for message in CookieStorage(request)
        ]

    def post(
        self,
        path: str,
        fields: Mapping[str, Any] | Sequence[tuple[str, Any]] = (),
        follow: bool = True,
    ) -> Page:
        """:param follow: whether the page is fetched to which the answer leads"""
        pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
        if not any(name == "csrfmiddlewaretoken" for name, _value in pairs):
            pairs.append(("csrfmiddlewaretoken", self.csrf_token))
        headers = {"Referer": self.base}
        return self.request("POST", path, data=pairs, headers=headers, allow_redirects=follow)

    def submit(self, form: Form, **changed: Any) -> Page:
        """Posts the form; a field set to None is left out, as an unticked box is."""
        fields = {k: v for k, v in {**form.fields, **changed}.items() if v is not None}
        return self.post(form.action, fields)

    def act(self, panel: str, action: str, *image_ids: str, name: str = "") -> Page:
        """A row's action for one image, that of the table for ticked rows otherwise; `name`
        confirms the deletion of several that nobody can restore.
        """
        if len(image_ids) == 1:
            return self.post(panel, [("action", f"images__{action}__{image_ids[0]}")])
        ticked: Iterable[tuple[str, str]] = (("object_ids", id_) for id_ in image_ids)
        confirmed = [("confirmed_name", name)] if name else []
        return self.post(panel, [("action", f"images__{action}"), *ticked, *confirmed])

    def put(self, path: str, data: Any, **headers: str) -> requests.Response:
        return self.session.put(
            urljoin(self.base, path),
            data=data,
            headers={
                "X-CSRFToken": self.csrf_token,
                "Referer": self.base,
                "X-Requested-With": "XMLHttpRequest",
                "Content-Type": "application/octet-stream",
                **headers,
            },
            timeout=TIMEOUT_S,
            allow_redirects=False,
        )
