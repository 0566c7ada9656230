# SPDX-License-Identifier: Apache-2.0
"""The user, the project and the region for which a page was made.

Another tab may log in as another user, or switch the project or the region, while a page
is open: the session is one for all tabs. What the page sends then contains the session
that the page shows.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from urllib.parse import parse_qs, urlencode

from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from helion_images_panel.core.visible_text import isolated

#: Name of the field in every form that is posted.
FIELD = "hip_page"

#: Header of the requests of scripts.
HEADER = "X-Helion-Images-Page"

#: Maximum length of a name that a request brings with it, in characters.
NAME_LENGTH = 255


#: Names of Horizon's URL that switches the project: since 27.0, and before.
_SWITCH_PROJECT = ("switch_project_id", "switch_tenants")
_SWITCH_REGION = ("switch_services_region",)

#: Maximum length of the field and of the header, in characters.
MAX_LENGTH = 8192


@dataclass(frozen=True)
class PageSession:
    user_id: str
    user_name: str
    project_id: str
    project_name: str
    region: str

    @property
    def encoded(self) -> str:
        """Content of the field and of the header: ASCII, without quotes and angle brackets."""
        return urlencode(asdict(self))

    def change_to(self, now: PageSession) -> SessionChange | None:
        """Return the first difference that matters; None if there is none."""
        if self.user_id != now.user_id:
            return SessionChange(self, now, _other_user(self, now))
        if self.project_id != now.project_id:
            return SessionChange(self, now, _other_project(self, now))
        if self.region != now.region:
            return SessionChange(self, now, _other_region(self, now))
        return None


@dataclass(frozen=True)
class SessionChange:
    """A page's session and the present one, with a message that names both."""

    then: PageSession
    now: PageSession
    reason: str

    @property
    def switch_url(self) -> str:
        """URL by which the user returns to the page's project or region; empty for a user."""
        if self.then.user_id != self.now.user_id:
            return ""
        if self.then.project_id != self.now.project_id:
            return _first_url(_SWITCH_PROJECT, self.then.project_id)
        return _first_url(_SWITCH_REGION, self.then.region)

    @property
    def switch_label(self) -> str:
        """Label of the way back, which is not a URL for another user."""
        if self.then.project_id != self.now.project_id:
            return _("Switch Back to %(project)s") % {"project": self.then.project_name}
        return _("Switch Back to %(region)s") % {"region": self.then.region}


def of_request(request: HttpRequest) -> PageSession:
    user = request.user
    return PageSession(
        user.id or "",
        isolated(user.username or ""),
        user.project_id or "",
        # Translators: in the place of the name of a project.
        isolated(user.project_name or _("system scope")),
        user.services_region or "",
    )


def decoded(text: str) -> PageSession | None:
    """Return the session that a request names; None if it is not complete."""
    try:
        values = parse_qs(text[:MAX_LENGTH], keep_blank_values=True, max_num_fields=10)
        return PageSession(
            *(values[name][0][:NAME_LENGTH] for name in PageSession.__dataclass_fields__)
        )
    except (KeyError, ValueError):
        return None


def named_by(request: HttpRequest) -> Sequence[str]:
    """Return the sessions, still encoded, that the request names in its header and its form.

    The last field of a form counts: a page that asks the user repeats the form's fields.
    """
    named = [request.headers.get(HEADER, "")]
    if request.method == "POST":
        named += request.POST.getlist(FIELD)[-1:]
    return [text for text in named if text]


def change(request: HttpRequest) -> SessionChange | None:
    """Return the difference between the page that sent the request and the session; None if
    there is none, or if the request does not name its page.
    """
    now = of_request(request)
    for text in named_by(request):
        then = decoded(text)
        found = then.change_to(now) if then else None
        if found:
            return found
    return None


def without_fields(posted: QueryDict) -> list[tuple[str, str]]:
    """Return the names and values of a form, without those that are made anew."""
    left_out = (FIELD, "csrfmiddlewaretoken")
    return [
        (name, value) for name, values in posted.lists() if name not in left_out for value in values
    ]


def _first_url(names: Sequence[str], value: str) -> str:
    """Return the URL of the first of these names that this Horizon has; empty for none."""
    for name in names:
        with contextlib.suppress(NoReverseMatch):
            return reverse(name, args=[value])
    return ""


def _other_user(then: PageSession, now: PageSession) -> str:
    return _(
        "This page was opened by %(then)s, but %(now)s is logged in now. Nothing was changed. "
        "Log in as %(then)s in another tab, then try again."
    ) % {"then": then.user_name, "now": now.user_name}


def _other_project(then: PageSession, now: PageSession) -> str:
    return _(
        "This page was opened in project %(then)s, but project %(now)s is active now. Nothing was "
        "changed. Switch back to %(then)s, then try again."
    ) % {"then": then.project_name, "now": now.project_name}


def _other_region(then: PageSession, now: PageSession) -> str:
    return _(
        "This page was opened in region %(then)s, but region %(now)s is active now. Nothing was "
        "changed. Switch back to %(then)s, then try again."
    ) % {"then": then.region, "now": now.region}
