# SPDX-License-Identifier: Apache-2.0
"""Waiting on a condition, with a deadline, saying what was seen on giving up."""

from collections.abc import Callable
from typing import Any, TypeVar

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver.support.wait import WebDriverWait

Value = TypeVar("Value")

WITHIN_S = 15.0
LOOK_EVERY_S = 0.05

#: What a page says while it is being exchanged or still moves into its place.
NOT_YET = (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)


def wait_for(
    condition: Callable[[], Value],
    what: str,
    seen: Callable[[], Any],
    within_s: float = WITHIN_S,
) -> Value:
    """The condition's first true value.

    `seen` is asked only on giving up, for the sentence of the failure.
    """
    wait: WebDriverWait[None] = WebDriverWait(None, within_s, LOOK_EVERY_S, NOT_YET)
    try:
        return wait.until(lambda _nothing: condition())
    except TimeoutException:
        pass
    try:
        last = seen()
    except NOT_YET as error:
        last = f"nothing ({type(error).__name__})"
    raise AssertionError(f"Waited {within_s:g} s for {what}. Seen at the end: {last}")
