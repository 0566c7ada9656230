# SPDX-License-Identifier: Apache-2.0
"""The documentation names settings, files and cache keys as they are in the code."""

import re
from pathlib import Path

import pytest

import helion_images_panel
from helion_images_panel import conf
from tests.pictures import PICTURES

PACKAGE = Path(helion_images_panel.__file__).parent
ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "doc" / "source"
ARCHITECTURE = PAGES / "contributor" / "architecture.md"

#: Where a path on a page may begin.
FOLDERS = (
    ROOT,
    PACKAGE,
    PACKAGE / "templates" / "helion_images_panel",
    PACKAGE / "static" / "helion_images_panel",
    PACKAGE / "static" / "helion_images_panel" / "js",
    PACKAGE / "ui",
    ROOT / "tests" / "integration",
    ROOT / "tests" / "browser",
)

#: Each is in every clone for ever.
MAX_PICTURE_BYTES = 150_000

SUFFIXES = "py|js|md|html|scss|toml"

#: One comes with the tests of the scripts, the other is Horizon's.
NOT_OURS = {"tests/javascript/README.md", "local_settings.py"}


def text(*parts):
    return ROOT.joinpath(*parts).read_text()


def test_every_setting_is_in_the_table_with_its_default():
    rows = re.findall(
        r"(?m)^\| `(HELION_IMAGES_\w+)` \| `([^`]*)` \|", text("doc", "source", "settings.md")
    )
    assert rows == [(setting.name, repr(setting.default)) for setting in in_table_order(rows)]
    assert {name for name, _default in rows} == {setting.name for setting in conf.SETTINGS}


def test_every_number_of_the_settings_has_its_unit():
    rows = re.findall(
        r"(?m)^\| `(HELION_\w+)` \| `-?\d+` \| (.*) \|$", text("doc", "source", "settings.md")
    )
    assert {name for name, _meaning in rows} == {
        setting.name for setting in conf.SETTINGS if type(setting.default) is int
    }
    for name, meaning in rows:
        assert ("seconds" if name.endswith("_S") else "number of") in meaning, name


def in_table_order(rows):
    """The settings in the order of the table; those that it lacks are left out."""
    known = {setting.name: setting for setting in conf.SETTINGS}
    return [known[name] for name, _default in rows if name in known]


@pytest.mark.parametrize(
    "page",
    [
        ARCHITECTURE,
        ROOT / "CONTRIBUTING.md",
        ROOT / "README.md",
        ROOT / "SECURITY.md",
        *(PAGES / f"{name}.md" for name in ("benchmarks", "comparison", "several-dashboards")),
        *(PAGES / f"{name}.md" for name in ("sizing", "uploads", "web-servers")),
    ],
    ids=lambda path: path.name,
)
def test_named_files_exist(page):
    """`ROOM` stands for any folder."""
    named = set(re.findall(rf"`((?:[\w.]+/)*[\w*]+\.(?:{SUFFIXES}))`", page.read_text()))
    assert named
    missing = {name for name in named - NOT_OURS if not is_there(name.replace("ROOM", "*"))}
    assert missing == set()


def is_there(pattern):
    return any(any(folder.glob(pattern)) for folder in FOLDERS)


def cache_keys():
    """The first words of all keys that the package has in Django's cache."""
    sources = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    own = re.findall(r'f"helion_images\.(\w+)\.', sources)
    of_region = re.findall(r'cache_key\([\w.]*request, f?"(\w+)', sources)
    of_keystone = re.findall(r'_cached\(request, f?"(\w+)', sources)
    return {*own, *of_region, *of_keystone}


def test_every_cache_key_is_in_the_architecture_page():
    table = ARCHITECTURE.read_text().partition("## What is kept where")[2]
    found = cache_keys()
    assert {"upload_progress", "stores", "managed"} <= found
    assert {key for key in found if f"`{key}" not in table} == set()


def test_every_cookie_is_in_the_architecture_page():
    sources = "".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    sources += "".join(path.read_text() for path in PACKAGE.rglob("*.js"))
    found = set(re.findall(r"""(?i)cookie = f?["'](\w+)""", sources))
    # Those of one user each.
    found |= set(re.findall(r"""["'](hip_[a-z]+_)\{user_key""", sources))
    assert {"hip_list_", "hip_sort_", "logout_reason"} <= found
    table = ARCHITECTURE.read_text().partition("## What is kept where")[2]
    assert {name for name in found if f"`{name}" not in table} == set()


def test_every_room_is_in_the_architecture_page():
    rooms = {path.parent.name for path in (PACKAGE / "ui").glob("*/__init__.py")}
    page = ARCHITECTURE.read_text()
    drawing = (PAGES / "images" / "layers.svg").read_text()
    assert {room for room in rooms if f"`ui/{room}/`" not in page} == set()
    assert {room for room in rooms if f">{room}<" not in drawing} == set()


def test_every_picture_is_taken_by_the_tests_and_is_shown():
    """`tox -e pictures` takes them; drawings are kept as drawings."""
    pictures = {path.name for path in (PAGES / "images").iterdir() if path.suffix != ".svg"}
    assert pictures == {f"{name}.png" for name in PICTURES}
    pages = "".join(page.read_text() for page in [ROOT / "README.md", *PAGES.rglob("*.md")])
    shown = {Path(target).name for target in re.findall(r"!\[[^]]+\]\(([^)]+)\)", pages)}
    assert {path.name for path in (PAGES / "images").iterdir()} == shown
    sizes = {path.name: path.stat().st_size for path in (PAGES / "images").iterdir()}
    assert {name: size for name, size in sizes.items() if size > MAX_PICTURE_BYTES} == {}


def heading_ids(page):
    """The anchors of a page's headings, as GitHub and MyST make them."""
    headings = re.findall(r"(?m)^#+ (.+)$", re.sub(r"(?ms)^```.*?^```", "", page.read_text()))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    "page",
    [*sorted(ROOT.glob("*.md")), *sorted(PAGES.rglob("*.md"))],
    ids=lambda p: p.name,
)
def test_links_lead_somewhere(page):
    """Sphinx looks at those between pages of the site, and at none that leave it."""
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)", page.read_text()):
        path = page.parent / target if target else page
        assert path.exists(), target
        if anchor:
            assert anchor in heading_ids(path), f"{target}#{anchor}"
