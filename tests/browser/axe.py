# SPDX-License-Identifier: Apache-2.0
"""axe-core on the parts of a page that are ours, with what is Horizon's own kept apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import selenium_axe_python

if TYPE_CHECKING:
    from tests.browser.browser import Browser

SCRIPT = Path(selenium_axe_python.__file__).parent / "axe-core" / "axe.min.js"

#: The success criteria of WCAG 2.2 AA, and axe's own rules of good practice.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


class Finding(NamedTuple):
    """Something that Horizon's own templates, scripts and themes do in every panel."""

    rule: str
    selector: str
    reason: str


#: Nothing of it can be chosen otherwise by a panel.
HORIZONS = (
    Finding("color-contrast", ".breadcrumb a, .breadcrumb li", "the breadcrumb above each page"),
)


class Pale(NamedTuple):
    """A text and its ground that both themes give to what a selector has, or is within."""

    text: str
    ground: str
    selector: str
    reason: str


#: Colours of the themes that are too pale. A panel that had others would not look like Horizon.
PALE = (
    Pale("#428bca", "#ffffff", "a, .btn-link", "a link"),
    Pale("#428bca", "#f9f9f9", "tr :is(a, .btn-link)", "a link in every other row of a table"),
    Pale("#428bca", "#f5f5f5", "tr :is(a, .btn-link)", "a link in the row below the pointer"),
    Pale("#ffffff", "#428bca", ".btn-primary", "a button of the kind primary"),
    Pale("#ffffff", "#428bca", ".active > a", "the pill of this page"),
    Pale("#ffffff", "#d9534f", ".btn-danger", "a button of the kind danger"),
    Pale("#d9534f", "#ffffff", ".dropdown-menu .btn-danger", "an action of that kind in a menu"),
    Pale("#00897b", "#ffffff", ".active > a", "the tab of this page in the theme material"),
)

RUN = """
const [context, options, horizons, pale, done] = arguments;
const elementOf = (node) => document.querySelector(node.target[0]);
const isHorizons = (rule, node) => horizons.some(([its, selector]) =>
  its === rule && elementOf(node)?.matches(selector));
const isPale = (rule, node) => rule === 'color-contrast' && pale.some(([text, ground, selector]) =>
  node.any[0].data?.fgColor === text && node.any[0].data.bgColor === ground &&
  elementOf(node)?.closest(selector));
axe.run(context, options).then((results) => done(results.violations.flatMap((violation) =>
  violation.nodes.filter((node) =>
    !isHorizons(violation.id, node) && !isPale(violation.id, node)
  ).map((node) => ({
    rule: violation.id, help: violation.help, html: node.html, why: node.failureSummary,
  }))
)), (error) => done([{rule: 'axe', help: String(error), html: '', why: ''}]));
"""


def violations(browser: Browser, *ours: str) -> list[str]:
    """All violations within these elements, whatever their impact."""
    if not browser.run("return Boolean(window.axe)"):
        browser.run(SCRIPT.read_text())
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        # axe leaves it out unless it is asked for.
        "rules": {"target-size": {"enabled": True}},
        "resultTypes": ["violations"],
        # No page has sound or video: only rules on these need files of the page a second time.
        "preload": False,
    }
    found: list[dict[str, Any]] = browser.driver.execute_async_script(
        RUN,
        {"include": [[selector] for selector in ours]},
        options,
        [[finding.rule, finding.selector] for finding in HORIZONS],
        PALE,
    )
    return [f"{each['rule']}: {each['help']}: {each['html']} {each['why']}" for each in found]


def describe(found: dict[int, list[str]]) -> str:
    """What was found at which widths, each once."""
    widths: dict[str, list[int]] = {}
    for width, violated in found.items():
        for each in violated:
            widths.setdefault(each, []).append(width)
    return json.dumps({each: widths[each] for each in widths}, indent=1, ensure_ascii=False)
