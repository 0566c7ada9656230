# SPDX-License-Identifier: Apache-2.0
"""The rows are those that Horizon's own code makes."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext_lazy
from horizon import tables

from helion_images_panel.core.image import Image
from helion_images_panel.ui.actions.links import EditImage
from helion_images_panel.ui.listing import rows as row_module
from helion_images_panel.ui.listing.rows import ImageRow
from helion_images_panel.ui.listing.table import ImagesTable
from helion_images_panel.ui.scopes.admin_scope import ADMIN
from helion_images_panel.ui.scopes.scope import PROJECT
from tests import factories


class _Reader(HTMLParser):
    """The tags with their attributes, and the texts; order of classes and blanks do not count."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Any] = []
        self.boxes: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {
            name: sorted((value or "").split()) if name == "class" else value
            for name, value in attrs
        }
        if tag in ("input", "label"):
            # Horizon's box has a random ID.
            self.boxes.append(known.pop("id" if tag == "input" else "for"))
        self.found.append((tag, known))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append(" ".join(data.split()))


def read(html: str) -> list[Any]:
    reader = _Reader()
    reader.feed(html)
    return reader.found


def request_of(person: Any) -> HttpRequest:
    request = RequestFactory().get("/project/images/")
    for name, value in vars(factories.request(person)).items():
        if name in ("user", "session", "horizon"):
            setattr(request, name, value)
    return request


class OwnRow(tables.Row):
    """Horizon's row, with what the dialog of confirmation needs."""

    def load_cells(self, datum: Image | None = None) -> None:
        super().load_cells(datum)
        self.attrs |= ImageRow(self.table, self.datum).attrs


class OwnTable(ImagesTable):
    """The table with Horizon's own rows and menus."""

    class Meta(ImagesTable.Meta):
        row_class = OwnRow

    def render_row_actions(self, datum: Image, row: bool = False) -> Any:
        return tables.DataTable.render_row_actions(self, datum, row)


IMAGES = {
    "plain": {},
    "no name": {"name": None},
    "public": {"visibility": "public", "protected": True},
    "hidden": {"os_hidden": True, "visibility": "community"},
    "of another project": {"owner": factories.SIBLING, "visibility": "shared"},
    "queued": {"status": "queued", "size": None, "disk_format": None},
    "importing": {"status": "importing"},
    "deactivated": {"status": "deactivated"},
    "container": {"container_format": "docker", "disk_format": "raw"},
    "snapshot": {"image_type": "snapshot"},
    "described": {
        "tags": list("abcde"),
        "description": "{$ 1 $} <b>x</b>\nsecond",
        "os_type": "linux",
    },
    **{f"hostile {n}": {"name": name} for n, name in enumerate(factories.HOSTILE_NAMES)},
    "entities": {"name": "&amp; &lt;b&gt; {{ 1 }} {$ 1 $} \"'"},
}


@pytest.mark.parametrize("kind", IMAGES)
@pytest.mark.parametrize("scope", [PROJECT, ADMIN], ids=["project", "admin"])
@pytest.mark.parametrize("person", [factories.member, factories.domain_admin, factories.reader])
def test_row_is_horizons_own(glance, keystone, kind, scope, person):
    image = Image.from_glance(glance.add(**IMAGES[kind]))
    request = request_of(person())
    rows = []
    for table_class in (ImagesTable, OwnTable):
        table = table_class(request, data=[image], scope=scope)
        table.owner_names = {image.owner: "<b>acme</b>"}
        # The box for several rows is hidden or shown by it, as in the page.
        table.render_table_actions()
        (row,) = table.get_rows()
        rows.append(read(row.render()))
        # Who asks for the cells gets Horizon's.
        assert [cell.column.name for cell in row] == list(table.columns)
    assert rows[0] == rows[1]
    assert len(rows[0]) > 20


def test_two_rows_differ_where_their_images_do(glance, keystone):
    images = [Image.from_glance(glance.add(name=name)) for name in ("one", "two")]
    table = ImagesTable(request_of(factories.member()), data=images, scope=PROJECT)
    first, second = (row.render() for row in table.get_rows())
    assert images[0].id in first
    assert images[1].id not in first
    for image, row in zip(images, (first, second), strict=True):
        reader = _Reader()
        reader.feed(row)
        assert reader.boxes == [f"images__box_{image.id}"] * 2, "the label is that of its box"
    assert first.replace(images[0].id, images[1].id).replace("one", "two") == second


@pytest.mark.parametrize("image_id", [factories.image_id(), "a\"b<c>&d'", "é@:~!$%25", "{$ 1 $}"])
@pytest.mark.parametrize("scope", [PROJECT, ADMIN], ids=["project", "admin"])
def test_url_of_the_details_is_djangos(scope, image_id):
    table = ImagesTable(request_of(factories.member()), data=[], scope=scope)
    assert table.detail_url(image_id) == scope.url("detail", image_id)


def test_an_odd_id_is_text(glance, keystone):
    """Glance takes UUIDs only; another service in its place may return anything."""
    image = factories.image(id='"><script>')
    table = ImagesTable(request_of(factories.member()), data=[image], scope=PROJECT)
    assert "<script" not in table.get_rows()[0].render()


def test_kept_text_is_of_the_language_and_of_the_panel(glance, keystone, monkeypatch):
    """The process keeps the text of rows: of each language, panel and project its own."""
    monkeypatch.setattr(row_module, "_templates", {})
    # A word that Django itself has in German.
    monkeypatch.setitem(EditImage.base_options, "verbose_name", gettext_lazy("Yes"))
    image = Image.from_glance(glance.add())

    def row(person: Any, scope: Any, language: str) -> str:
        with translation.override(language):
            table = ImagesTable(request_of(person), data=[image], scope=scope)
            return str(table.get_rows()[0].render())

    for _ in range(2):
        english = row(factories.member(), PROJECT, "en")
        assert ">Yes</a>" in "".join(english.split())
        assert ">Ja</a>" in "".join(row(factories.member(), PROJECT, "de").split())
        assert "/admin/images/" in row(factories.domain_admin(), ADMIN, "en")
        assert row(factories.member(), PROJECT, "en") == english
        assert ">Yes</a>" not in "".join(row(factories.reader(), PROJECT, "en").split())
