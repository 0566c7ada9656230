# SPDX-License-Identifier: Apache-2.0
"""Images as lines of CSV and JSON."""

import csv
import io
import json

import pytest

from helion_images_panel.core import export
from helion_images_panel.core.image import Image
from tests import factories

TEXTS = [
    *factories.HOSTILE_NAMES,
    'comma, "quote" and\nline',
    "semicolon; and\ttab",
    "ümläut",
]


def rows(*images: Image) -> list[dict[str, object]]:
    return [export.attributes(image, "web") for image in images]


def read_csv(*images: Image) -> list[dict[str, str]]:
    text = "".join(export.csv_lines(rows(*images)))
    assert text.startswith(export.BYTE_ORDER_MARK)
    reader = csv.DictReader(io.StringIO(text.removeprefix(export.BYTE_ORDER_MARK), newline=""))
    return list(reader)


@pytest.mark.parametrize("text", TEXTS)
def test_text_comes_back(text):
    image = Image("1", name=text, tags=("b", text), properties={"key": text})
    (row,) = read_csv(image)
    assert row["name"] == text
    assert row["tags"] == f"b, {text}"
    assert json.loads(row["properties"]) == {"key": text}
    (found,) = json.loads("".join(export.json_lines(rows(image))))["images"]
    assert (found["name"], found["tags"]) == (text, ["b", text])
    assert found["properties"] == {"key": text}


def test_values_of_glance():
    image = Image("1", size_bytes=5, protected=True, properties={"n": None, "list": [1]})
    (row,) = read_csv(image)
    assert (row["size"], row["protected"], row["name"], row["owner_name"]) == (
        "5",
        "true",
        "",
        "web",
    )
    (found,) = json.loads("".join(export.json_lines(rows(image))))["images"]
    assert found["virtual_size"] is None
    assert found["properties"] == {"n": None, "list": [1]}


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(1)",
        "＝1",
        " =1",
        "\t=1",
        "\r=1",
        "x;=1+1",
        "x; =1+1",
        "x\n=1",
        "x\t=1",
        'a;"=1+1;b',
        'x; "" +1',
    ],
)
def test_no_spreadsheet_runs_a_name(text):
    """Also not where it splits a row at semicolons or tabs, whatever stands in quotes."""
    (row,) = read_csv(Image(text, name=text, tags=(text,), properties={text: text}))
    for column in ("id", "name", "tags"):
        for part in row[column].replace("\t", ";").replace("\r", ";").replace("\n", ";").split(";"):
            assert part.strip(' "')[:1] not in set("=+-@＝＋－＠")
        assert row[column].replace("'", "") == text
    (found,) = json.loads("".join(export.json_lines(rows(Image("1", name=text)))))["images"]
    assert found["name"] == text


@pytest.mark.parametrize("text", ["a-b", "1.0+2", "me@example.org", "a=b", "one, -two"])
def test_other_texts_stay(text):
    assert export.harmless(text) == text


def test_no_images():
    assert read_csv() == []
    assert json.loads("".join(export.json_lines([]))) == {"images": []}


def test_what_broke_off_says_so():
    lines = list(export.json_lines(rows(Image("1"), Image("2"))))[:-1]
    found = json.loads("".join([*lines, export.json_note('no "more"')]))
    assert [image["id"] for image in found["images"]] == ["1", "2"]
    assert found["error"] == 'no "more"'
    assert list(csv.reader([export.csv_note("no, more")])) == [["no, more"]]
