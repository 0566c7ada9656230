# SPDX-License-Identifier: Apache-2.0
"""Every page in a language in which each message has brackets: a text without them is data, or
has been forgotten. The addresses are those of the running code.
"""

from __future__ import annotations

import re

import pytest
import yaml
from django.conf import settings
from django.utils.translation import trans_real

from helion_images_panel import conf
from helion_images_panel.core.family import FORMER, LATEST, NEW, Family, family_property
from helion_images_panel.core.rules import KINDS
from helion_images_panel.transfers.slots import Slots
from helion_images_panel.ui.base.page_urls import DETAIL_TABS
from helion_images_panel.ui.listing import export
from tests import factories, pseudo
from tests.integration.markup import Element, parse
from tests.unit import fakes, in_steps
from tests.unit.addresses import PEOPLE, filled, is_open, let_in, person_of, routes
from tests.unit.catalogue.samples import raw

#: Projects, domains and stores of the fakes.
NAMES = {
    *(name for name, _domain in factories.PROJECTS.values()),
    *factories.DOMAINS.values(),
    *("fast", "archive"),
}

#: Keys of the JSON for scripts with texts for users.
TEXTS = re.compile(r"(^|_)(reason|label|title|text|words|note|failure|message)s?$")


def texts(element):
    """Its text in the order of the page, and the attributes that are read."""
    found = []

    def visit(each):
        found.append(" ")
        # Names of properties and URLs say that they are no words.
        is_data = each.get("translate") == "no"
        if each.tag not in ("script", "style", "noscript") and not is_data:
            # Horizon's own drop-downs have the value of what is chosen as their title.
            names = pseudo.ATTRIBUTES["dropdown-toggle" in each.classes :]
            attributes = [each.get(name) for name in names]
            if each.tag == "input" and each.get("type") in ("submit", "button"):
                attributes.append(each.get("value"))
            forgotten.extend(
                value for value in attributes if value not in pseudo.EXAMPLES and unknown(value)
            )
            for child in each.children:
                visit(child) if isinstance(child, Element) else found.append(child)
        found.append(" ")

    forgotten: list[str] = []
    visit(element)
    return "".join(found), forgotten


def unknown(text):
    return pseudo.forgotten(text, NAMES)


def unknown_in_json(value, is_text=False):
    if isinstance(value, dict):
        each = value.items()
        return [word for key, part in each for word in unknown_in_json(part, TEXTS.search(key))]
    if isinstance(value, list):
        return [word for part in value for word in unknown_in_json(part, is_text)]
    return unknown(value) if is_text and isinstance(value, str) else []


def forgotten(response):
    kind = response.get("Content-Type", "")
    if response.streaming:
        # An export or a download: data for programs.
        return []
    if kind.startswith("application/json"):
        return unknown_in_json(response.json())
    if not kind.startswith("text/html"):
        return []
    tree = parse(response.content.decode())
    [body, *_] = [each for each in tree.walk() if each.get("id") == "content_body"] or [tree]
    text, attributes = texts(body)
    return unknown(text) + attributes


@pytest.fixture(scope="module")
def _catalogues(tmp_path_factory):
    """Read once: pytest-django's settings would have Django read them for each test."""
    folder = tmp_path_factory.mktemp("locale")
    pseudo.write(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "LOCALE_PATHS", [str(folder)])
        trans_real._translations.pop(pseudo.LANGUAGE, None)
        yield
    trans_real._translations.pop(pseudo.LANGUAGE, None)


@pytest.fixture
def _language(browser, _catalogues):
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = pseudo.LANGUAGE


def version(role):
    """The ID and the properties of a version of a family."""
    image_id = factories.image_id()
    family = Family("zzfamily", "zzone", role)
    return {"id": image_id, **family_property(image_id, factories.PROJECT, family)}


@pytest.fixture
def images(glance):
    """One of each kind; a GET for an image is sent for each of them."""
    glance.stores = [{"id": "fast", "default": "true"}, {"id": "archive"}]
    glance.import_methods = ["web-download", "copy-image", "glance-direct"]
    data = {"name": "zzname", "description": "zztext", "tags": ["zztag", "zztwo", "zzthree"]}
    made = {
        "shared": glance.add(visibility="shared", stores="fast,archive", **data, zzkey="zzvalue"),
        "protected": glance.add(protected=True, os_hidden=True, **data),
        "queued": glance.add(status="queued", size=None, **data),
        "deactivated": glance.add(status="deactivated", **data),
        "importing": glance.add(status="importing", os_glance_importing_to_stores="fast", **data),
        "public": glance.add(visibility="public", image_type="snapshot", **data),
        "community": glance.add(visibility="community", **data),
        "foreign": glance.add(visibility="shared", owner=factories.SIBLING, **data),
        "latest": glance.add(**version(LATEST), **data),
        "new": glance.add(**version(NEW), **data),
    }
    replaced = factories.dated(-2, -1, 9, 3, replacement=made["public"]["id"], done="hd")
    made["ended"] = glance.add(protected=True, **replaced, **data)
    members = {made["shared"]["id"]: {factories.SIBLING: "accepted", factories.FOREIGN: "pending"}}
    glance.members.update(members)
    glance.members[made["foreign"]["id"]] = {factories.PROJECT: "pending"}
    glance.tasks[made["shared"]["id"]] = [
        {
            "id": f"{method}-{status}",
            "status": status,
            "message": "zzmessage",
            "created_at": "2026-11-03T10:00:00Z",
            "updated_at": "2026-11-03T10:05:00Z",
            "input": {"backend": ["fast"], "import_req": {"method": {"name": method}}},
        }
        for method in ("web-download", "copy-image", "glance-direct", "zzmethod")
        for status in ("pending", "processing", "success", "failure")
    ]
    return {kind: image["id"] for kind, image in made.items()}


@pytest.fixture
def _official_images(tmp_path, settings):
    """One that can be added, one that is compressed, and one that is wrong."""
    meta = {"architecture": "x86_64", "os_distro": "zzdistro", "maintained_until": "2020-01-31"}
    packed = {"version": "zzversion", "url": "https://files.example/zz.xz"}
    images = [
        raw(name="zzname", login="zzlogin", meta=meta),
        raw(name="zzpacked", meta=meta, versions=[packed]),
        raw(format="zzformat"),
    ]
    (tmp_path / "zz.yaml").write_text(yaml.safe_dump({"images": images}))
    settings.HELION_IMAGES_CATALOGUE = [str(tmp_path / "zz.yaml")]


#: Parameters with which an address shows most, by its end.
PARAMETERS = {
    "/catalogue/": "&versions=all",
    "/catalogue/add/": "&name=zzname&architecture=x86_64",
    "/catalogue/file/": "&name=zzpacked&architecture=x86_64",
}

#: Addresses for scripts and programs, by their end.
OF_DATA = ("/csv/", "/json/", "/selection/", "/count/", "/progress/", "/uses/", "/access/")
OF_DATA += ("/projects/", "/search/", "/replacements/", "/ending/")

#: Those that take only a POST, lead to data that is fetched, or refuse each member.
WITHOUT_GET = ("/page_size/", "/<image_id>/publish/", "/verify/", "/upload/", "/download/")
WITHOUT_GET += ("/project/images/publish/", "/catalogue/builds/", "/rules/stored/")
#: There is no family of that name, and a version is created in the active project alone.
WITHOUT_GET += ("/<family>/latest", "/admin/images/<image_id>/new_version/")


@pytest.fixture
def _own_places(monkeypatch):
    """Those of the process may still be held by responses that no server has closed."""
    monkeypatch.setattr(export, "DOWNLOADS", Slots(conf.DOWNLOADS_PER_PROCESS))


@pytest.mark.usefixtures("_language", "_own_places", "_official_images")
@pytest.mark.parametrize("route", routes())
def test_each_text_of_a_page_is_translatable(browser, glance, images, monkeypatch, route):
    """As it is read, after an empty form, and while Glance fails."""
    let_in(monkeypatch, route)
    browser.login_as(person_of(route))
    kinds = images if "<image_id>" in route else ["shared"]
    further = next((text for end, text in PARAMETERS.items() if route.endswith(end)), "")
    answers = {}
    for kind in kinds:
        url = f"{filled(route, images[kind])}?id={images[kind]}{further}"
        answers[kind, "GET"] = browser.get(url)
        if kind in ("shared", "queued"):
            answers[kind, "POST"] = browser.post(url, {})
    shown = {shows(response) for (_kind, method), response in answers.items() if method == "GET"}
    assert expected(route) in shown
    answers["unknown", "GET"] = browser.get(filled(route, factories.image_id(999)))
    glance.failing["GET /v2/images"] = fakes.refusal(503, "zz")
    glance.failing[f"GET /v2/images/{images['shared']}"] = fakes.refusal(503, "zz")
    answers["failing", "GET"] = browser.get(filled(route, images["shared"]))
    found = {case: forgotten(response) for case, response in answers.items()}
    # An export holds a place until it is closed.
    for response in answers.values():
        response.close()
    assert not {case: words for case, words in found.items() if words}


def expected(route):
    """What a GET for one of the images shows."""
    if route.endswith(WITHOUT_GET):
        return "nothing"
    return "data" if route.endswith(OF_DATA) else "a page"


def shows(response):
    if response.status_code != 200:
        return "nothing"
    if not response["Content-Type"].startswith("text/html"):
        return "data"
    return "a page" if pseudo.OPEN in response.content.decode() else "a page of another language"


LISTS = ["?hidden=true", "?name=zz", "?name=zznone", "?view=snapshots", "?view=unfinished"]
LISTS += ["?visibility=community", "?visibility=public", "?size_min=huge", "?created_min=x"]
LISTS += ["?owner=zznobody", "?property=x", "?status=queued&type=image&tag=zztag", "?sort=size"]
TABS = [f"{DETAIL_TABS}__{tab}" for tab in ("overview", "access", "used_by", "stores", "activity")]


@pytest.mark.usefixtures("_language")
@pytest.mark.parametrize("path", PEOPLE)
def test_each_text_of_a_list_and_of_a_tab_is_translatable(browser, images, monkeypatch, path):
    let_in(monkeypatch, path)
    browser.login_as(person_of(path))
    detail = "" if path == "/project/images/" else "detail/"
    tabs = {f"{path}{images['shared']}/{detail}?tab={tab}": tab for tab in TABS}
    responses = {url: browser.get(url) for url in (*(path + query for query in LISTS), *tabs)}
    assert {response.status_code for response in responses.values()} == {200}
    assert [tab for url, tab in tabs.items() if not is_open(tab, responses[url])] == []
    found = {url: forgotten(response) for url, response in responses.items()}
    assert not {url: words for url, words in found.items() if words}


@pytest.fixture
def found_images(glance):
    """Images that each rule of Clean Up finds, or keeps, and a deleted one; with what is stored."""
    data = {"description": "zztext", "tags": ["zztag", "zztwo"], "size": 100}
    old = {"image_type": "snapshot", "created_at": factories.ago(days=400)}
    for kept in ({}, {"protected": True}, {"visibility": "public"}):
        glance.add(name="zzsnapshot", **old, **kept, **data)
    for _ in range(3):
        glance.add(name="zzsame", os_hash_value="c" * 128, **{**data, "size": 5 * 2**20})
    queued = {"status": "queued", "created_at": old["created_at"], "updated_at": old["created_at"]}
    glance.add(name="zzqueued", **queued, **{**data, "size": None})
    made = {
        "former": glance.add(**version(FORMER), name="zzformer", **data),
        "deleted": glance.add(**factories.deleted(name="zzdeleted", **data)),
    }
    glance.add(**factories.deleted("public", name="zzpublic", **data))
    glance.add(**factories.dated(-2, 5, done="h", name="zzhidden", **data), os_hidden=True)
    return {kind: image["id"] for kind, image in made.items()}


@pytest.mark.usefixtures("_language")
@pytest.mark.parametrize("path", PEOPLE)
def test_each_text_of_families_deleted_images_and_what_is_found_is_translatable(
    browser, images, found_images, monkeypatch, path
):
    let_in(monkeypatch, path)
    browser.login_as(person_of(path))
    detail = "" if path == "/project/images/" else "detail/"
    ids = {**images, **found_images}
    tabs = {
        f"{path}{ids[kind]}/{detail}?tab={tab}": tab
        for kind in ("latest", "new", "former")
        for tab in (f"{DETAIL_TABS}__versions", f"{DETAIL_TABS}__used_by")
    }
    urls = [path + query for query in ("?view=deleted", "?ends=soon", "?ends=deprecated")]
    urls += [f"{path}{ids[kind]}/{detail}" for kind in ("deleted", "ended")]
    urls += [f"{path}{ids[kind]}/make_latest/" for kind in ("former", "new")]
    urls += [f"{path}{ids[kind]}/end_rule/" for kind in ("former", "latest")]
    responses = {url: browser.get(url) for url in (*urls, *tabs)}
    responses |= in_steps.previews(browser, path)
    if path != "/project/images/domain/":
        assert {f"question of {kind}" for kind in KINDS} <= set(responses)
    responses["storage"] = in_steps.storage(browser, path)
    assert {response.status_code for response in responses.values()} == {200}
    assert "zzhidden" in responses[f"{path}?ends=deprecated"].content.decode()
    assert [tab for url, tab in tabs.items() if not is_open(tab, responses[url])] == []
    found = {url: forgotten(response) for url, response in responses.items()}
    assert not {url: words for url, words in found.items() if words}


@pytest.mark.usefixtures("_language")
def test_the_brackets_are_seen(browser, images, monkeypatch):
    """Of messages of the panel, of Horizon and of Django."""
    let_in(monkeypatch, "/project/images/")
    browser.login_as(factories.member())
    html = browser.get(f"/project/images/{images['shared']}/").content.decode()
    for text in ("General", "Edit Image", "Overview"):
        assert pseudo.wrapped(text) in html
    assert forgotten_text(html.replace(pseudo.wrapped("General"), "General")) == ["General"]


def forgotten_text(html):
    [body] = [each for each in parse(html).walk() if each.get("id") == "content_body"]
    return unknown(texts(body)[0])
