# SPDX-License-Identifier: Apache-2.0
"""The panel's own pages load its scripts and styles, and no other page of Horizon does."""

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.template import Context
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

import helion_images_panel
from helion_images_panel.api import images
from helion_images_panel.ui.uses import views as uses_views
from tests import factories
from tests.unit.permissions import path

PACKAGE = Path(helion_images_panel.__file__).parent
SCRIPTS = PACKAGE / "static/helion_images_panel/js"
TEMPLATES = PACKAGE / "templates/helion_images_panel"
STYLE = "helion_images_panel/scss/images.scss"
#: The end of the name of a script that runs beside the page.
WORKER = ".worker.js"
#: The scripts that one page alone needs.
OF_A_PAGE = {
    "base/steps.js": "base/_steps_script.html",
    "boot/panel.js": "boot/_scripts.html",
    "catalogue/builds.js": "catalogue/_scripts.html",
}
#: The script that the others load with a form.
OF_A_FORM = "create/boot_check.js"
HORIZONS_PRECOMPILERS = (("text/scss", "horizon.utils.scss_filter.ScssFilter"),)


def loaded(html):
    """Our scripts, in the order in which a page names them."""
    return re.findall(r'<script src="[^"]*?helion_images_panel/js/([^"]+)"', html)


def in_order(names):
    return sorted(
        names, key=lambda name: (name != "base/namespace.js", not name.startswith("base/"), name)
    )


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("de", "ltr"), ("ar", "rtl")])
def test_the_page_names_its_language_and_direction(language, direction):
    with translation.override(language):
        html = get_template("helion_images_panel/base/_scripts.html").render()
    named = f'<template data-hip-language="{language}" data-hip-direction="{direction}">'
    assert named in html


def test_every_script_of_the_package_is_loaded_once_and_in_order():
    html = get_template("helion_images_panel/base/_scripts.html").render({"STATIC_URL": "/static/"})
    files = [file.relative_to(SCRIPTS).as_posix() for file in SCRIPTS.rglob("*.js")]
    files = [file for file in files if not file.endswith((WORKER, OF_A_FORM))]
    assert len(files) > 1
    assert loaded(html) == in_order(set(files) - OF_A_PAGE.keys())
    for file, template in OF_A_PAGE.items():
        html = get_template(f"helion_images_panel/{template}").render({"STATIC_URL": "/static/"})
        assert loaded(html) == [file]


def test_each_worker_is_named_by_a_template():
    """A page loads a worker when a user needs it."""
    workers = [file.relative_to(SCRIPTS).as_posix() for file in SCRIPTS.rglob(f"*{WORKER}")]
    assert workers
    templates = "".join(file.read_text() for file in TEMPLATES.rglob("*.html"))
    for worker in workers:
        assert f"{{{{ STATIC_URL }}}}helion_images_panel/js/{worker}" in templates


def test_horizon_is_told_of_none_of_them():
    config = django_settings.HORIZON_CONFIG
    named = [*config["js_files"], *config.get("js_spec_files", []), *config["scss_files"]]
    assert [name for name in named if "helion" in name] == []


OF_AN_IMAGE = ("detail", "update", "metadata", "change_owner", "share")


@pytest.mark.parametrize(
    ("panel", "page"),
    [
        *(("project", name) for name in ("index", "create", "detail", "update", "metadata")),
        *(("admin", name) for name in ("index", "create", "publish", *OF_AN_IMAGE)),
    ],
)
def test_a_page_of_the_panel_loads_them(browser, glance, panel, page):
    person = factories.member() if panel == "project" else factories.domain_admin()
    image = glance.add(name="one", visibility="shared")
    url = path(panel, page, image["id"] if page in OF_AN_IMAGE else "")
    query = {"id": image["id"]} if page == "publish" else {}
    response = browser.login_as(person).get(url, query)
    html = response.content.decode()
    assert response.status_code == 200
    assert loaded(html)[0] == "base/namespace.js"
    assert html.count(STYLE) == 1


def test_shared_with_me_loads_them(browser, glance):
    html = browser.login_as(factories.member()).get("/project/images/shared/").content.decode()
    assert loaded(html)
    assert html.count(STYLE) == 1


def test_a_page_loads_its_own_script_after_all_others(browser, glance):
    html = browser.login_as(factories.member()).get(path("project", "catalogue")).content.decode()
    assert loaded(html)[0] == "base/namespace.js"
    assert loaded(html)[-1] == "catalogue/builds.js"


def test_a_dialog_loads_none_into_the_page_around_it(browser, glance):
    image = glance.add(name="one")
    response = browser.login_as(factories.member()).get(
        path("project", "update", image["id"]), headers={"x-requested-with": "XMLHttpRequest"}
    )
    html = response.content.decode()
    assert "update_image_form" in html
    assert "helion_images_panel/" not in html


def test_no_template_of_ours_is_a_page_without_them():
    """Each extends the one that loads them, or loads them itself."""
    pages = {
        file.relative_to(TEMPLATES).as_posix(): file.read_text()
        for file in TEMPLATES.rglob("*.html")
        if re.search(r'{% extends "(base|horizon/common/_detail)\.html" %}', file.read_text())
    }
    assert pages.keys() == {"base/page.html"}
    for part in ("_scripts", "_styles"):
        include = f'{{% include "helion_images_panel/base/{part}.html" %}}'
        assert include in pages["base/page.html"]


def test_a_foreign_page_loads_none(browser):
    html = browser.login_as(factories.member()).get("/settings/").content.decode()
    assert "horizon.modals.js" in html
    assert "helion_images_panel/" not in html


def test_the_style_sheet_compiles_without_compression(settings, tmp_path):
    """As with COMPRESS_ENABLED = False, where Horizon compiles it as the page is drawn."""
    settings.COMPRESS_PRECOMPILERS = HORIZONS_PRECOMPILERS
    settings.COMPRESS_ROOT = settings.STATIC_ROOT = str(tmp_path)
    context = Context({"STATIC_URL": settings.STATIC_URL, "request": RequestFactory().get("/")})
    template = get_template("helion_images_panel/base/_styles.html").template
    html = template.render(context)
    (name,) = re.findall(r'href="([^"]+\.css)"', html)
    css = (tmp_path / name.removeprefix(settings.STATIC_URL)).read_text()
    assert ".hip-dock" in css
    assert ".hip-combobox" in css


def test_a_script_asks_about_as_many_images_at_once_as_are_answered():
    (asked,) = re.findall(r"IDS_PER_QUESTION = (\d+);", (SCRIPTS / "base/image_api.js").read_text())
    assert int(asked) == images.IDS_PER_CALL
    (sent,) = re.findall(r"PROJECTS_PER_FORM = (\d+);", (SCRIPTS / "base/image_api.js").read_text())
    assert int(sent) == uses_views.PROJECTS_PER_FORM


@pytest.mark.parametrize("language", ["fr", "de"])
def test_messages_of_the_scripts_have_an_address_for_each_language(browser, settings, language):
    """A browser asks only whether Horizon's own address has changed since the server started,
    and Horizon says no, also if the user has chosen another language since.
    """
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    browser.login_as(factories.member())
    html = browser.get(path("project", "index")).content.decode()
    [url] = re.findall(r'src="(/i18n/js/[^"]+\?\w+)"', html)
    assert url.endswith(f"+helion_images_panel/?{language}")
    # Later than Horizon's own: the last one counts. Before ours, which use it.
    assert html.index("/i18n/js/horizon/") < html.index(url) < html.index("base/namespace.js")
    assert browser.get(url).headers["Content-Language"] == language


def test_a_page_in_english_loads_no_messages_again(browser):
    """There are none that would replace those of another language."""
    browser.login_as(factories.member())
    html = browser.get(path("project", "index")).content.decode()
    assert html.count('src="/i18n/js/') == 1
