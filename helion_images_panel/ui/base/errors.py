# SPDX-License-Identifier: Apache-2.0
"""Requests to the image service that may fail without ending the page's request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _

from helion_images_panel import exceptions
from helion_images_panel.api import forgiven

Item = TypeVar("Item")
Result = TypeVar("Result")
Default = TypeVar("Default")


def error_of(function: Callable[[Item], object]) -> Callable[[Item], Exception | None]:
    """Wrap the function to return its error instead of raising it; None on success.

    The errors are ImageServiceError and SessionEnded; others are raised.
    """

    def wrapper(item: Item) -> Exception | None:
        try:
            function(item)
        except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
            return error
        return None

    return wrapper


def or_default(
    function: Callable[[Item], Result], default: Default, missing: str
) -> Callable[[Item], Result | Default]:
    """Wrap the function to return `default` if the image service fails.

    :param missing: what is then missing on the page, for the log
    """

    def wrapper(item: Item) -> Result | Default:
        try:
            return function(item)
        except exceptions.ImageServiceError as error:
            forgiven.log(missing, error)
            return default

    return wrapper


def reason(error: Exception | None) -> str:
    """Return the message of an error, translated in the request's own thread; empty for None.

    glanceclient's own message about an expired session is not meant for users.
    """
    if isinstance(error, exceptions.SessionEnded):
        return _("Your session has ended. Log in again.")
    return str(error or "")


def lacks_property(error: Exception | None) -> bool:
    """Whether Update Metadata can set the property, without which the change was refused."""
    return isinstance(error, exceptions.PropertyRequired) and error.is_settable
