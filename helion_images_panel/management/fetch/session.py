# SPDX-License-Identifier: Apache-2.0
"""A command's request, with a new token when the old one has ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from helion_images_panel.api.client import Request
from helion_images_panel.exceptions import SessionEnded

P = ParamSpec("P")
Result = TypeVar("Result")


class Session:
    """Calls functions of `api` with a request; a download may outlive its token."""

    def __init__(self, request: Request, renewed: Callable[[], Request]):
        """:param renewed: returns a request with a new token"""
        self.request = request
        self._renewed = renewed

    @property
    def project_id(self) -> str:
        return str(self.request.user.project_id or "")

    def renew(self) -> Request:
        """Return a request with a new token, which following calls use as well."""
        self.request = self._renewed()
        return self.request

    def call(
        self,
        function: Callable[Concatenate[Any, P], Result],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Result:
        """Call the function with the request; once more with a new token if it has ended.

        Nothing was done then: Glance refuses the token before all else.
        """
        try:
            return function(self.request, *args, **kwargs)
        except SessionEnded:
            return function(self.renew(), *args, **kwargs)
