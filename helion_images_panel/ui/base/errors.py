# SPDX-License-Identifier: Apache-2.0
"""Calls to the image service that may fail without ending the request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _

from helion_images_panel import exceptions

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Default = TypeVar("Default")


def error_of(function: Callable[[Item], object]) -> Callable[[Item], Exception | None]:
    """The function, answering with its error instead of raising it; with None if it did well.

    Its errors are ImageServiceError and SessionEnded; others are raised.
    """

    def answer(item: Item) -> Exception | None:
        try:
            function(item)
        except (exceptions.ImageServiceError, exceptions.SessionEnded) as error:
            return error
        return None

    return answer


def or_default(
    function: Callable[[Item], Answer], default: Default
) -> Callable[[Item], Answer | Default]:
    """The function, answering with `default` where the image service fails."""

    def answer(item: Item) -> Answer | Default:
        try:
            return function(item)
        except exceptions.ImageServiceError:
            return default

    return answer


def reason(error: Exception | None) -> str:
    """In words, for the request's own thread, which has its language; empty where there is none.

    What glanceclient says of an ended session is for nobody to read.
    """
    if isinstance(error, exceptions.SessionEnded):
        return _("Your session has ended. Log in again.")
    return str(error or "")
