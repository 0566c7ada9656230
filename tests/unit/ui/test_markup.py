# SPDX-License-Identifier: Apache-2.0
"""Every page and dialog: hostile data in every place is text, and what the package adds holds a
Content-Security-Policy without 'unsafe-inline'.
"""

import re
from html import unescape
from itertools import product

import pytest

from helion_images_panel.api import instances, volumes
from helion_images_panel.core.family import FORMER, LATEST, NEW, Family, family_property
from helion_images_panel.core.rules import KINDS
from helion_images_panel.ui.base import reports
from helion_images_panel.ui.base.page_urls import DETAIL_TABS
from tests import factories
from tests.integration.markup import parse
from tests.thorough import thinned
from tests.unit import fakes, in_steps
from tests.unit.addresses import PEOPLE, filled, is_open, let_in, person_of, routes

IMAGE, QUEUED, OFFERED = map(factories.image_id, (1, 2, 3))

#: Ends an attribute and a text, and begins an element, a script and an expression of AngularJS.
EXPRESSION = "{$ constructor.constructor('hacked()')() $}"
MARKUP = (
    f"\"' onclick=hacked() x='</textarea></title></script><hip-evil onerror=hacked()>"
    f"<script>hacked()</script><a href=javascript:hacked()>{EXPRESSION}{{{{hacked()}}}}&lt;"
)

#: Inline parts of Horizon's frame, which it puts around each page, by a part of their text.
HORIZONS = {
    "antiClickjack": "hides the page in a frame of another site",
    "display:none !important": "the same, until that script has run",
    "horizon.languageCode": "the catalog of translations",
    "addHorizonLoadEvent": "functions to be called after the page is loaded",
    "theme-picker-item": "the choice of a theme",
    "STATIC_URL": "the addresses of static files",
    "horizon.modals.MODAL_BACKDROP": "a setting of dialogs",
    "horizon.init": "starts Horizon's scripts",
}
#: Browsers neither run nor apply what has such a type: Horizon's scripts read dialogs and rows
#: from it, and its themes are compiled before they are served.
NOT_APPLIED = {"text/html", "text/scss"}
SCRIPT_URL = re.compile(r"[\s\0]*(javascript|data|vbscript):", re.I)


def hostile(place):
    return f"{place} {MARKUP}"


@pytest.fixture
def cloud(browser, glance, keystone):
    """Hostile names, descriptions, tags, keys, values, stores, definitions, and reports."""
    texts = {
        "name": hostile("name"),
        "description": hostile("description"),
        "tags": [hostile("tag")[:250], hostile("other tag")[:250]],
        "os_distro": hostile("distro"),
        "architecture": hostile("architecture"),
        "instance_uuid": hostile("instance"),
        "base_image_ref": hostile("base"),
        "container_format": hostile("container"),
        "checksum": hostile("checksum"),
        "os_hash_algo": hostile("algorithm"),
        "os_hash_value": hostile("hash"),
        "locations": [{"url": hostile("location"), "metadata": {}}],
        "block_device_mapping": f'[{{"volume_size": 1, "snapshot_id": "{EXPRESSION}"}}]',
        hostile("key"): hostile("value"),
        "os_glance_failed_import": hostile("store"),
    }
    glance.add(**texts, id=IMAGE, visibility="shared", stores=hostile("store"))
    queued = {"status": "queued", "size": None, "disk_format": hostile("format")}
    glance.add(**{**texts, **queued}, id=QUEUED)
    glance.tasks[QUEUED] = [
        {
            "id": "t",
            "type": "import",
            "status": "failure",
            "message": hostile("message"),
            "created_at": "2026-11-02T09:30:00Z",
            "updated_at": "2026-11-02T09:30:00Z",
            "input": {"image_id": QUEUED},
        }
    ]
    glance.add(**texts, id=OFFERED, visibility="shared", owner=factories.FOREIGN)
    glance.members = {
        IMAGE: {factories.SIBLING: "accepted", hostile("member"): "pending"},
        OFFERED: {factories.PROJECT: "pending"},
    }
    glance.stores = [
        {"id": hostile("store"), "default": "true", "description": hostile("about")},
        {"id": "archive"},
    ]
    glance.import_methods = ["web-download", "copy-image", "glance-direct"]
    definition = {"title": hostile("title"), "description": hostile("text"), "type": "string"}
    glance.metadefs = {
        hostile("namespace"): {
            "display_name": hostile("display"),
            "description": hostile("text"),
            "resource_type_associations": [{"name": "OS::Glance::Image"}],
            "properties": {
                "os_distro": {**definition, "enum": [hostile("choice"), "x"]},
                hostile("key"): definition,
            },
        }
    }
    keystone.projects = {
        id_: (hostile(name), domain) for id_, (name, domain) in factories.PROJECTS.items()
    }
    keystone.domains = {id_: hostile(name) for id_, name in factories.DOMAINS.items()}
    return browser


def names_of_projects():
    return {id_: hostile(name) for id_, (name, _domain) in factories.PROJECTS.items()}


def report():
    group = {"names": [hostile("reported")] * 12, "reason": hostile("reason")}
    short = {"names": [hostile("reported")], "reason": hostile("reason")}
    return {"failed": True, "title": "Deleted", "groups": [group, short], "hint": hostile("hint")}


@pytest.fixture(params=routes())
def answers(request, cloud, monkeypatch):
    """The page of an address, its dialog, and both with what a form refuses."""
    route = request.param
    let_in(monkeypatch, route, names_of_projects())
    person = person_of(route)
    person.project_name = person.username = hostile("own")
    script = {"x-requested-with": "XMLHttpRequest"}
    cloud.login_as(person, **{reports.SESSION_KEY: [report()]})
    found = []
    for image_id in (IMAGE, QUEUED, OFFERED)[: 1 if filled(route, "") == route else 3]:
        path = filled(route, image_id)
        query = {"id": image_id, "name": hostile("filter"), "q": "a", "part": hostile("part")}
        fields = {"name": hostile("typed"), "new_name": hostile("new"), "id": image_id}
        found += [cloud.get(path), cloud.get(path, query, headers=script)]
        found += [cloud.post(path, fields), cloud.post(path, fields, headers=script)]
        for response in found:
            response.close()
    return found


def assert_text_only(response):
    """No element, attribute or script of the data, and no expression for AngularJS."""
    if "html" not in response.get("Content-Type", ""):
        # A browser takes nothing else for a page: private responses have `nosniff`.
        assert response.streaming or response.get("X-Content-Type-Options") == "nosniff"
        return
    text = response.content.decode()
    wanted = [response.headers.get("Location", ""), response.headers.get("X-Horizon-Location", "")]
    assert not any(map(SCRIPT_URL.match, wanted))
    tree = parse(text)
    assert_content_security(tree)
    for element in tree.walk():
        assert element.tag != "hip-evil", text[:5000]
        assert not any(SCRIPT_URL.match(value) for value in element.attributes.values()), element
    assert not list(bound(tree)), response.wsgi_request.path


def assert_content_security(tree):
    for element in tree.walk():
        names = element.attributes
        assert not [name for name in names if name == "style" or name.startswith("on")], names
        is_inline = element.tag == "style" or (element.tag == "script" and "src" not in names)
        if is_inline and element.get("type") not in NOT_APPLIED:
            assert any(part in element.raw_text for part in HORIZONS), element.raw_text


def bound(element):
    """Texts and attributes with an expression, where AngularJS compiles the page."""
    if "ng-non-bindable" in element.attributes or element.tag in ("script", "textarea"):
        return
    for name, value in element.attributes.items():
        if "{$" in value:
            yield name, value
    for child in element.children:
        if not isinstance(child, str):
            yield from bound(child)
        elif "{$" in child:
            yield element.tag, child


def test_data_is_text(answers):
    for response in answers:
        assert response.status_code < 500
        assert_text_only(response)


@pytest.fixture
def further(cloud, glance):
    """IDs of versions of a family, of a deleted image, and of one with end dates; and images that
    the rules of Clean Up find.
    """
    data = {
        "name": hostile("name"),
        "description": hostile("description"),
        "tags": [hostile("tag")[:250]],
        "os_distro": hostile("distro"),
    }

    def version(role):
        image_id = factories.image_id()
        family = Family(hostile("family").replace("/", "")[:100], hostile("version")[:40], role)
        signed = family_property(image_id, factories.PROJECT, family)
        return glance.add(id=image_id, hw_x=hostile(role), **signed, **data)["id"]

    made = {role: version(role) for role in (LATEST, NEW, FORMER)}
    made["plain"] = glance.add(hw_x=hostile("hardware"), **data)["id"]
    glance.add(base_image_ref=made["plain"], **data)
    made["deleted"] = glance.add(**factories.deleted(**data))["id"]
    replacement = glance.add(**data)["id"]
    ended = factories.dated(-2, 5, 9, 3, replacement=replacement, **data)
    made["ended"] = glance.add(**ended)["id"]
    glance.add(**factories.dated(-2, 5, replacement=replacement, done="h", **data), os_hidden=True)
    for _ in range(3):
        glance.add(os_hash_value="c" * 128, size=5 * 2**20, disk_format="raw", **data)
    old = factories.ago(days=400)
    for kept in ({}, {"protected": True}, {"visibility": "public"}):
        glance.add(image_type="snapshot", created_at=old, size=100, **kept, **data)
    glance.add(status="queued", size=None, created_at=old, updated_at=old, **data)
    return made


@pytest.fixture
def person(cloud, monkeypatch, request):
    """Of the panel whose path the test has."""
    path = request.getfixturevalue("path")
    let_in(monkeypatch, path, names_of_projects())
    person = person_of(path)
    person.project_name = person.username = hostile("own")
    cloud.login_as(person)
    return person


def has(response, place):
    return f"{place} \"' onclick=hacked()" in unescape(response.content.decode())


@pytest.mark.parametrize("path", PEOPLE)
def test_data_is_text_in_clean_up_and_storage(cloud, further, person, path):
    """In previews and their questions, of what is found and of what is kept."""
    found = in_steps.previews(cloud, path)
    if path != "/project/images/domain/":
        assert {f"question of {kind}" for kind in KINDS} <= set(found)
    found["storage"] = in_steps.storage(cloud, path)
    for query in ("", "?view=deleted", "?ends=soon", "?ends=deprecated"):
        found[query] = cloud.get(path + query)
    for place, response in found.items():
        assert response.status_code == 200, place
        assert has(response, "name"), place
        assert_text_only(response)


#: What tabs of a version show, and the dialogs of versions and end dates.
SHOWN = {"versions": "family", "used_by": "use", "overview": "distro"}
DIALOGS = ("make_latest", "end_rule", "existing_version", "family", "end_dates", "new_version")
KINDS_OF_IMAGES = (LATEST, NEW, FORMER, "plain", "deleted", "ended")


@pytest.mark.parametrize(
    ("path", "kind"),
    thinned(product(PEOPLE, KINDS_OF_IMAGES), lambda cell: cell[0], lambda cell: cell[1]),
)
def test_data_is_text_in_versions_and_uses(cloud, further, person, monkeypatch, path, kind):
    uses = factories.uses(factories.PROJECT, factories.SIBLING, names=hostile("use"))
    for service in (instances, volumes):
        monkeypatch.setattr(service, "using", lambda *_args, everywhere: uses)
    own = f"{path}{further[kind]}/"
    detail = "" if path == "/project/images/" else "detail/"
    for tab in SHOWN:
        tab_id = f"{DETAIL_TABS}__{tab}"
        response = cloud.get(f"{own}{detail}?tab={tab_id}")
        if kind in (LATEST, NEW, FORMER):
            assert is_open(tab_id, response)
            assert has(response, SHOWN[tab])
        assert_text_only(response)
    for dialog in DIALOGS:
        for headers in ({}, {"x-requested-with": "XMLHttpRequest"}):
            response = cloud.get(f"{own}{dialog}/", headers=headers)
            assert response.status_code < 500
            assert_text_only(response)
    if kind == "plain":
        fields = {"other": further[LATEST], "version": "1"}
        assert_text_only(cloud.post(f"{own}existing_version/", fields))
        deletion = {"action": f"images__delete__{further[kind]}"}
        assert_text_only(cloud.post(path, deletion, follow=True))


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413])
def test_an_error_of_glance_is_text(cloud, glance, monkeypatch, status):
    error = fakes.refusal(status, hostile("reason"))
    for route in routes():
        with monkeypatch.context() as patched:
            let_in(patched, route, names_of_projects())
            cloud.login_as(person_of(route))
            own = f"/v2/images/{IMAGE}"
            glance.failing = {
                f"{method} {path}": error
                for method in ("POST", "PATCH", "DELETE", "PUT")
                for path in ("/v2/images", own, f"{own}/members", f"{own}/file", f"{own}/import")
            }
            fields = {
                "name": "new",
                "initial-name": "old",
                "action": f"images__delete__{IMAGE}",
                "new_name": "os_distro",
                "new_value": "x",
                "source": "file",
                "file_name": "a.img",
                "file_size": "4",
                "disk_format": "raw",
                "visibility": "private",
                "projects": factories.SIBLING,
                "audience": "domain",
            }
            assert_text_only(cloud.post(filled(route, IMAGE), fields))


def test_the_places_are_on_the_pages(cloud, monkeypatch):
    """The walk has them all: each place is on the page that shows it."""
    shown = {
        "/project/images/": ("name", "description", "tag", "reported"),
        f"/project/images/{IMAGE}/": (
            *("name", "description", "tag", "distro", "architecture", "instance", "base"),
            *("container", "checksum", "hash", "key", "value", "store"),
        ),
        f"/project/images/{IMAGE}/metadata/": ("key", "value", "display", "title", "text"),
        f"/project/images/{IMAGE}/share/": ("name",),
        "/project/images/shared/": ("own",),
    }
    let_in(monkeypatch, "/project/images/", names_of_projects())
    person = factories.member()
    person.project_name = person.username = hostile("own")
    cloud.login_as(person, **{reports.SESSION_KEY: [report()]})
    for path, places in shown.items():
        tree = parse(cloud.get(path).content.decode())
        texts = tree.raw_text + " ".join(
            value for element in tree.walk() for value in element.attributes.values()
        )
        for place in places:
            assert f"{place} \"' onclick=hacked()" in texts, f"{place} at {path}"
