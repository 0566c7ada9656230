# SPDX-License-Identifier: Apache-2.0
"""Pages of a list that is really several: nothing lost, nothing repeated."""

import json
import random
import unicodedata
from dataclasses import replace
from itertools import product

import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import client, image_pages, images
from helion_images_panel.core.image import Image
from helion_images_panel.core.order import KEYS, Order, Row
from helion_images_panel.core.page import Cursor, Page
from helion_images_panel.core.query import ImageQuery
from helion_images_panel.core.sources import Source, sources_of
from tests import factories
from tests.thorough import crossed
from tests.unit import fakes


def binary(name):
    return name


def case_insensitive(name):
    return name.casefold()


def accent_insensitive(name):
    plain = unicodedata.normalize("NFD", name)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def punctuation_last(name):
    """As locales do: letters before the signs between them."""
    return "".join(filter(str.isalnum, name)).casefold(), name


def blanks_left_out(name):
    """As MariaDB does: a name of blanks is as good as an empty one."""
    return name.rstrip(" ").casefold()


COLLATIONS = (binary, case_insensitive, accent_insensitive, punctuation_last, blanks_left_out)
BY_NAME = Order()
ORDERS = [Order(key, descending) for key in KEYS for descending in (False, True)]
WORDS = ("a", "A", "b", "B", "é", "e", "E", "f", "cirros", "Cirros", "ci-rros", "ci_rros", "Zoo")
#: Names that a database may take for empty ones.
BLANKS = (" ", "  ")


@pytest.fixture
def request_():
    return factories.request(factories.cloud_admin())


@pytest.fixture(params=["first", "last"])
def nulls(request, glance):
    """Where the database puts images without a value."""
    glance.nulls_last = request.param == "last"


def owner(number):
    return f"{number:032x}"


def fill(glance, rng, owners, count, words=WORDS + BLANKS):
    """`count` images of that many owners; some have no name, many the same."""
    for number in rng.sample(range(1, 10 * count + 10), count):
        name = (
            rng.choice((None, ""))
            if rng.random() < 0.2
            else "".join(rng.choices(words, k=rng.randint(1, 2)))
        )
        size = rng.choice((None, 0, 5, 5, 7))
        glance.add(
            id=factories.image_id(number),
            name=name,
            owner=owner(rng.randint(1, owners)),
            size=size,
            status="queued" if size is None and rng.random() < 0.8 else "active",
            disk_format=None if size is None else rng.choice(("raw", "vmdk")),
            container_format=None if size is None else rng.choice(("bare", "ova")),
            created_at=f"2026-11-02T09:30:{rng.randint(0, 9):02}Z",
        )
    return [Source(owner(number), "all") for number in range(1, owners + 1)]


def forwards(request, sources, size, order=BY_NAME, limit=500):
    """All pages from the beginning to the end."""
    pages = [image_pages.image_list(request, sources, ImageQuery(), Cursor(), size, order)]
    while pages[-1].has_next:
        assert len(pages) < limit, "The pages do not end."
        cursor = Cursor(pages[-1].last_id, part=pages[-1].last_part)
        pages.append(image_pages.image_list(request, sources, ImageQuery(), cursor, size, order))
    return pages


def backwards(request, sources, size, last, order=BY_NAME, limit=500):
    """All pages from before `last` back to the beginning, in display order."""
    pages = [last]
    while pages[0].has_previous:
        assert len(pages) < limit, "The pages do not end."
        cursor = Cursor(pages[0].first_id, backwards=True, part=pages[0].first_part)
        pages.insert(0, image_pages.image_list(request, sources, ImageQuery(), cursor, size, order))
    return pages[:-1]


def ids(pages):
    return [image.id for page in pages for image in page.images]


def in_order(glance, collate):
    def key(image):
        return (
            (image["name"] is None) == glance.nulls_last,
            collate(image["name"] or ""),
            image["id"],
        )

    return [row["id"] for row in sorted(glance.images.values(), key=key)]


def assert_pages_follow_each_other(glance, pages):
    """What is on a page comes, for Glance, before all that is on later pages."""
    place = {id_: i for i, id_ in enumerate(in_order(glance, glance.collate))}
    done = 0
    for page in pages:
        places = sorted(place[image.id] for image in page.images)
        assert places == list(range(done, done + len(places)))
        done += len(places)


@pytest.mark.parametrize("collate", COLLATIONS)
@pytest.mark.usefixtures("nulls")
@pytest.mark.parametrize("seed", range(2))
def test_each_image_exactly_once_forwards_and_backwards(glance, request_, collate, seed):
    rng = random.Random(seed)  # noqa: S311
    glance.collate = collate
    sources = fill(glance, rng, owners=rng.randint(1, 9), count=rng.randint(1, 45))
    size = rng.choice((1, 2, 3, 5, 8, 20))

    there = forwards(request_, sources, size)
    back = backwards(request_, sources, size, there[-1])

    assert sorted(ids(there)) == sorted(glance.images)
    assert_pages_follow_each_other(glance, there)
    assert sorted(ids(back)) == sorted(set(glance.images) - set(ids(there[-1:])))
    assert_pages_follow_each_other(glance, [*back, there[-1]])
    assert all(0 < len(page.images) <= size for page in (*there, *back))


@pytest.mark.parametrize("seed", range(2))
def test_the_same_pages_back_as_there(glance, request_, seed):
    rng = random.Random(seed)  # noqa: S311
    sources = fill(glance, rng, owners=rng.randint(1, 9), count=rng.randint(1, 45))
    size = rng.choice((1, 2, 3, 5, 8, 20))

    there = forwards(request_, sources, size)
    back = backwards(request_, sources, size, there[-1])

    assert ids(there) == in_order(glance, binary)
    assert [page.images for page in back] == [page.images for page in there[:-1]]
    assert [page.has_previous for page in there] == [False] + [True] * (len(there) - 1)
    assert {len(page.images) for page in there[:-1]} <= {size}


@pytest.mark.parametrize(
    ("order", "sample"), crossed(ORDERS, product([1, 2, 7], range(2))), ids=str
)
@pytest.mark.usefixtures("nulls")
def test_every_order_forwards_and_backwards(glance, request_, order, sample):
    """Also with values that are equal, empty or missing."""
    owners, seed = sample
    rng = random.Random(seed)  # noqa: S311
    sources = fill(glance, rng, owners, count=rng.randint(1, 45))
    size = rng.choice((1, 2, 3, 5, 8))
    there = forwards(request_, sources, size, order)
    back = backwards(request_, sources, size, there[-1], order)

    found = [Image.from_glance(body) for body in glance.images.values()]
    order = replace(order, nulls_last=glance.nulls_last)
    rows = [Row(image, order.part_of(image)) for image in found]
    assert ids(there) == [row.image.id for row in order.arranged(rows)]
    assert ids([*back, there[-1]]) == ids(there)
    assert all(0 < len(page.images) <= size for page in (*there, *back))


def search(request, sources, size, order, backwards=False, start=None):
    """The images of all parts of a search, from the start or from a page on, and its pages."""
    query, found, pages = ImageQuery(name="C"), [], 0
    cursor = start or Cursor()
    while True:
        pages += 1
        assert pages < 500, "The search does not end."
        page = image_pages.image_list(request, sources, query, cursor, size, order)
        assert len(page.images) <= size
        found = [*page.images, *found] if backwards else [*found, *page.images]
        if not (page.has_previous if backwards else page.has_next):
            return found, page, pages
        cursor = (
            Cursor(page.first_id, True, page.first_part)
            if backwards
            else Cursor(page.last_id, part=page.last_part)
        )


@pytest.mark.parametrize(
    ("order", "sample"),
    crossed(ORDERS, product([1, 2, 7], [(1, 0), (3, 1), (1000, 2)])),
    ids=str,
)
@pytest.mark.usefixtures("nulls")
def test_a_search_finds_each_image_once(glance, request_, settings, order, sample):
    """However few images a response looks at, and also backwards."""
    owners, (rows, seed) = sample
    settings.HELION_IMAGES_SEARCH_ROWS = rows
    rng = random.Random(seed)  # noqa: S311
    sources = fill(glance, rng, owners, count=rng.randint(1, 45))
    size = rng.choice((1, 2, 3, 8))
    found, last, pages = search(request_, sources, size, order)

    all_images = [Image.from_glance(body) for body in glance.images.values()]
    matching = [image for image in all_images if "c" in (image.name or "").casefold()]
    order = replace(order, nulls_last=glance.nulls_last)
    ordered = order.arranged([Row(image, order.part_of(image)) for image in matching])
    assert [image.id for image in found] == [row.image.id for row in ordered]
    if rows == 1 and len(matching) < len(all_images) / 2:
        assert pages > 1
    order = replace(order, nulls_last=False)
    if last.first_id:
        start = Cursor(last.first_id, True, last.first_part)
        back, _page, _pages = search(request_, sources, size, order, True, start)
        assert [*back, *last.images] == found


@pytest.mark.parametrize(
    ("order", "sample"),
    crossed(
        ORDERS, [(1, 1, "C"), (1, 8, ""), (4, 2, "C"), (4, 1, ""), (1000, 8, "C"), (1000, 2, "")]
    ),
    ids=str,
)
@pytest.mark.usefixtures("nulls")
def test_images_of_many_projects_are_picked_out_of_all(glance, request_, settings, order, sample):
    """Each once, and not even the number of the others shows."""
    rows, size, text = sample
    settings.HELION_IMAGES_SEARCH_ROWS = rows
    fill(glance, random.Random(5), owners=60, count=90)  # noqa: S311
    own = [owner(number) for number in range(1, 60, 2)]
    mine = {id_ for id_, body in glance.images.items() if body["owner"] in own}
    wanted = {
        id_ for id_ in mine if text.casefold() in (glance.images[id_]["name"] or "").casefold()
    }
    source = Source(visibility="all", owners=frozenset(own))
    query, cursor, found, looked_at = ImageQuery(name=text), Cursor(), [], 0
    for _ in range(200):
        page = image_pages.image_list(request_, [source], query, cursor, size, order)
        assert len(page.images) <= size
        found += [image.id for image in page.images]
        looked_at += page.looked_at
        if not page.has_next:
            break
        cursor = Cursor(page.last_id, part=page.last_part)
    assert len(found) == len(set(found))
    assert set(found) == wanted
    if size == 8 and rows == 1 and order.key not in ("size", "name"):
        assert looked_at == len(mine)


@pytest.mark.parametrize(("descending", "backwards"), [(True, False), (False, True)])
def test_unnamed_images_of_others_are_not_all_read(
    glance, request_, settings, descending, backwards
):
    """Any project can have very many of them; they come last in this direction."""
    settings.HELION_IMAGES_SEARCH_ROWS = 10
    for _ in range(200):
        glance.add(name=None, owner=owner(1))
    mine = [glance.add(name=f"n{n}", owner=owner(2))["id"] for n in range(3)]
    source = Source(visibility="all", owners=frozenset([owner(2)]))
    order, cursor = Order("name", descending), Cursor(None, backwards)
    page = image_pages.image_list(request_, [source], ImageQuery(), cursor, 20, order)
    assert {image.id for image in page.images} <= set(mine)
    assert page.is_partial
    assert sum(int(call.query["limit"]) for call in glance.calls) <= 30


@pytest.mark.parametrize("count", [30, 31])
def test_the_cheaper_way_is_chosen_by_the_number_of_projects(count):
    owners = [owner(number) for number in range(count)]
    sources = sources_of(owners)
    assert len(sources) == (30 if count == 30 else 1)
    assert sources[0].is_sifted is (count > 30)


def test_a_full_page_of_a_search_knows_nothing_of_what_follows(glance, request_, settings):
    settings.HELION_IMAGES_SEARCH_ROWS = 2
    for number, name in enumerate(("a yes", "b yes", "c no", "d no"), 1):
        glance.add(id=factories.image_id(number), name=name)
    query = ImageQuery(name="yes")
    page = image_pages.image_list(request_, [Source()], query, Cursor(), 2)
    assert (page.has_next, page.is_partial, page.is_next_certain) == (True, False, False)
    page = image_pages.image_list(request_, [Source()], query, Cursor(), 1)
    assert (page.has_next, page.is_partial, page.is_next_certain) == (True, False, True)


def test_a_search_says_how_far_it_has_looked(glance, request_, settings):
    settings.HELION_IMAGES_SEARCH_ROWS = 3
    for number in range(8):
        glance.add(id=factories.image_id(number + 1), name=f"n{number}")
    query, source = ImageQuery(name="n7"), [Source()]
    first = image_pages.image_list(request_, source, query, Cursor(), 20)
    assert (first.images, first.is_partial, first.has_next) == ((), True, True)
    assert (first.looked_at, first.last_id) == (3, factories.image_id(3))
    second = image_pages.image_list(request_, source, query, Cursor(first.last_id), 20)
    third = image_pages.image_list(request_, source, query, Cursor(second.last_id), 20)
    assert [image.name for image in third.images] == ["n7"]
    assert (third.is_partial, third.has_next, third.looked_at) == (False, False, 2)
    # The last one looks for images without a name, which may follow no marker.
    assert [call.query["limit"] for call in glance.calls] == [*["3"] * 3, "1"]


@pytest.mark.parametrize("collate", COLLATIONS)
@pytest.mark.usefixtures("nulls")
@pytest.mark.parametrize("size", [30, 200])
def test_a_page_of_several_lists_is_in_glances_order(glance, request_, collate, size):
    """However the database compares names; a row in it by which nothing was asked for too."""
    glance.collate = collate
    sources = fill(glance, random.Random(11), owners=4, count=150)  # noqa: S311
    assert ids(forwards(request_, sources, size)) == in_order(glance, collate)


@pytest.mark.parametrize("collate", COLLATIONS)
@pytest.mark.usefixtures("nulls")
@pytest.mark.parametrize(("size", "seed"), [(1, 0), (2, 1), (7, 2)])
def test_pages_are_full_and_the_same_on_the_way_back(glance, request_, collate, size, seed):
    """However the database compares names, for lists as short as most are."""
    glance.collate = collate
    sources = fill(glance, random.Random(seed), owners=4, count=40)  # noqa: S311
    there = forwards(request_, sources, size)
    back = backwards(request_, sources, size, there[-1])
    assert {len(page.images) for page in there[:-1]} == {size}
    assert [page.images for page in back] == [page.images for page in there[:-1]]


@pytest.mark.parametrize("collate", COLLATIONS)
@pytest.mark.usefixtures("nulls")
def test_more_owners_than_ids_fit_into_one_call(glance, request_, collate):
    rng = random.Random(7)  # noqa: S311
    glance.collate = collate
    sources = fill(glance, rng, owners=image_pages.IDS_PER_CALL + 20, count=200)

    there = forwards(request_, sources, 80)
    back = backwards(request_, sources, 80, there[-1])

    assert sorted(ids(there)) == sorted(glance.images)
    assert sorted(ids(back)) == sorted(set(glance.images) - set(ids(there[-1:])))
    assert_pages_follow_each_other(glance, there)
    assert all(len(call.query.get("id", "")) < 4096 for call in glance.listed())


def test_an_image_that_two_sources_share_comes_once(glance, request_):
    glance.add(visibility="public", owner=factories.PROJECT)
    for number in range(5):
        glance.add(name=f"n{number}", owner=factories.PROJECT)
    sources = [Source(factories.PROJECT, "all"), Source(visibility="public")]
    assert sorted(ids(forwards(request_, sources, 2))) == sorted(glance.images)


@pytest.mark.parametrize("size", [1, 3])
def test_one_source_costs_one_call(glance, request_, size):
    for _ in range(4):
        glance.add()
    page = image_pages.image_list(request_, [Source()], ImageQuery(), Cursor(), size)
    assert len(page.images) == size
    assert len(glance.calls) == 1
    assert glance.calls[0].query["limit"] == str(size + 1)


@pytest.mark.parametrize(("owners", "seed"), [(2, 0), (2, 1), (5, 2), (30, 3), (80, 4)])
def test_n_sources_cost_n_calls_and_at_most_four(glance, request_, owners, seed):
    sources = fill(glance, random.Random(seed), owners, 5 * owners, WORDS)  # noqa: S311
    image_pages.image_list(request_, sources, ImageQuery(), Cursor(), 20)
    page = Page(has_next=True)
    while page.has_next:
        glance.calls.clear()
        cursor = Cursor(page.last_id)
        page = image_pages.image_list(request_, sources, ImageQuery(), cursor, 20)
        assert len(glance.calls) <= owners + 4


@pytest.mark.parametrize("collate", COLLATIONS)
@pytest.mark.usefixtures("nulls")
@pytest.mark.parametrize("owners", [9, 100])
def test_the_budget_where_the_order_is_not_as_guessed(glance, request_, collate, owners):
    size = 5
    glance.collate = collate
    sources = fill(glance, random.Random(3), owners, 150, WORDS)  # noqa: S311
    # A page by which it becomes known how the database sorts takes more.
    image_pages.image_list(request_, sources, ImageQuery(), Cursor(), size)
    # Images without a name are then a list of their own for each source.
    lists = owners * (2 if glance.nulls_last else 1)
    heads = -(-owners // image_pages.IDS_PER_CALL)
    confirmation = 1 if heads == 1 else heads + 1
    page = Page(has_next=True)
    for _ in range(4):
        glance.calls.clear()
        page = image_pages.image_list(request_, sources, ImageQuery(), Cursor(page.last_id), size)
        read = -(-owners * (size + 1) // image_pages.IDS_PER_CALL)
        assert len(glance.calls) <= lists + 3 * confirmation + 1 + read


def test_one_list_is_in_glances_order_and_not_in_the_guessed_one(glance, request_):
    """Where all but one of the sources have no images after the marker."""
    glance.collate = case_insensitive
    for name in ("a", "B", "c", "D"):
        glance.add(name=name, owner=owner(1))
    pages = forwards(request_, [Source(owner(1), "all"), Source(owner(2), "all")], 1)
    assert [image.name for page in pages for image in page.images] == ["a", "B", "c", "D"]


@pytest.mark.parametrize("owners", [1, 4])
def test_a_glance_that_cuts_pages_shorter_than_asked_for(glance, request_, owners):
    glance.page_limit = 3
    sources = fill(glance, random.Random(5), owners, 40)  # noqa: S311
    there = forwards(request_, sources, 10)
    assert [len(page.images) for page in there] == [10] * 4
    assert ids(there) == in_order(glance, binary)


@pytest.mark.parametrize("collate", COLLATIONS)
@pytest.mark.usefixtures("nulls")
def test_hidden_images_page_like_others(glance, request_, collate):
    glance.collate = collate
    sources = fill(glance, random.Random(5), 5, 40)  # noqa: S311
    hidden = list(glance.images)[::2]
    for image_id in hidden:
        glance.images[image_id]["os_hidden"] = True
    found, page = [], Page(has_next=True)
    while page.has_next:
        query, cursor = ImageQuery(hidden="true"), Cursor(page.last_id, part=page.last_part)
        page = image_pages.image_list(request_, sources, query, cursor, 3)
        found += [image.id for image in page.images]
    assert sorted(found) == sorted(hidden)


def test_no_call_for_sources_that_cannot_match(glance, request_):
    sources = [Source(owner(1)), Source(owner(2))]
    page = image_pages.image_list(request_, sources, ImageQuery(owner=owner(3)), Cursor(), 20)
    assert page == Page()
    assert glance.calls == []


def test_no_sources_no_images(glance, request_):
    assert image_pages.image_list(request_, [], ImageQuery(), Cursor(), 20) == Page()
    assert glance.calls == []


def test_the_way_back_stays_when_everything_after_the_marker_is_gone(glance, request_):
    marker = glance.add(name="a")["id"]
    page = image_pages.image_list(request_, [Source()], ImageQuery(), Cursor(marker), 20)
    assert page.images == ()
    assert (page.has_previous, page.has_next) == (True, False)


def test_a_marker_that_is_gone_is_an_error_with_its_status(glance, request_):
    with pytest.raises(exceptions.ImageServiceError) as caught:
        image_pages.image_list(
            request_, [Source()], ImageQuery(), Cursor(factories.image_id(99)), 20
        )
    assert caught.value.status == 400


@pytest.mark.parametrize("action", [images.image_get, images.image_delete])
@pytest.mark.parametrize("image_id", ["", "..", "x/../y", "../../v3/users", "7;drop"])
def test_what_is_no_id_never_gets_as_far_as_glance(glance, request_, action, image_id):
    with pytest.raises(exceptions.ImageNotFound):
        action(request_, image_id)
    assert glance.calls == []


def test_get(glance, request_):
    body = glance.add(name="mine")
    assert images.image_get(request_, body["id"]) == Image.from_glance(body)


def test_images_by_id_in_one_call(glance, request_):
    known = [glance.add()["id"] for _ in range(3)]
    found = images.images_by_id(request_, [known[0], known[2], "no id"])
    assert sorted(image.id for image in found) == [known[0], known[2]]
    assert len(glance.calls) == 1


def test_images_by_id_that_no_list_has_cost_one_call_each(glance, request_):
    listed, hidden = glance.add()["id"], glance.add(os_hidden=True)["id"]
    found = images.images_by_id(request_, [listed, hidden, factories.image_id(10**9)])
    assert sorted(image.id for image in found) == [listed, hidden]
    assert len(glance.calls) == 3


def test_images_by_no_id_costs_nothing(glance, request_):
    assert images.images_by_id(request_, ["no id"]) == []
    assert glance.calls == []


def test_images_by_id_asks_for_no_more_than_fit(glance, request_):
    known = [glance.add()["id"] for _ in range(200)]
    images.images_by_id(request_, known)
    asked = glance.calls[0].query["id"].removeprefix("in:").split(",")
    assert len(asked) == image_pages.IDS_PER_CALL


def test_create_sends_just_the_attributes(glance, request_):
    created = images.image_create(request_, {"name": "n", "disk_format": "raw"})
    assert glance.calls[0].body == {"name": "n", "disk_format": "raw"}
    assert (created.name, created.status) == ("n", "queued")


def test_update_sends_one_patch(glance, request_):
    image_id = glance.add(os_distro="debian")["id"]
    changed = images.image_update(request_, image_id, {"name": "new", "os_distro": None})
    assert changed.name == "new"
    assert "os_distro" not in glance.images[image_id]
    assert [call.method for call in glance.calls] == ["PATCH"]


@pytest.mark.parametrize("name", [" a", "a ", "a\t", "\u00a0a", " "])
def test_a_property_that_glance_would_mistake_for_another_is_not_sent(glance, request_, name):
    image = glance.add(**{name: "old", "a": "kept"})
    for value in ("new", None):
        with pytest.raises(exceptions.NotPatchable):
            images.image_update(request_, image["id"], {name: value, "name": "new"})
    assert glance.writes == []


@pytest.mark.parametrize(
    ("changes", "differing"),
    [
        ({"os_distro": "debian"}, "os_distro"),
        ({"os_version": None}, "os_version"),
        ({"name": "new"}, "name"),
        ({"protected": True}, "protected"),
        ({"os_hidden": True}, "os_hidden"),
        ({"visibility": "public"}, "visibility"),
        ({"min_disk": 5}, "min_disk"),
        ({"owner": "b" * 32}, "owner"),
        ({"disk_format": "iso", "container_format": "bare"}, "disk_format"),
        ({"tags": ["a", "b"]}, "tags"),
    ],
)
def test_a_change_that_glance_accepts_and_does_not_make_is_an_error(
    glance, request_, monkeypatch, changes, differing
):
    image = glance.add(os_version="13", disk_format="raw", container_format="bare", tags=["a"])
    monkeypatch.setattr(client, "patch", lambda *_args: dict(image))
    with pytest.raises(exceptions.ChangeNotApplied, match=f"“{differing}”") as caught:
        images.image_update(request_, image["id"], changes)
    assert "container_format" not in str(caught.value)


def test_delete(glance, request_):
    image_id = glance.add()["id"]
    images.image_delete(request_, image_id)
    assert glance.images == {}


def test_add_location_keeps_the_data_where_it_is(glance, request_):
    image_id = glance.add(status="queued")["id"]
    image = images.image_add_location(request_, image_id, "http://files.example/a")
    assert image.locations == ("http://files.example/a",)


def test_format_names_leave_out_null(glance, request_):
    glance.disk_formats, glance.containers = [None, "raw"], [None, "bare"]
    schema = images.image_schema(request_)
    assert (schema.disk_formats, schema.container_formats) == (("raw",), ("bare",))


def test_direct_upload_names_the_public_endpoint_and_the_token(request_):
    image_id = factories.image_id(5)
    assert images.direct_upload(request_, image_id) == {
        "url": f"http://image.example/v2/images/{image_id}/file",
        "token": "token-of-the-test",
    }


def test_the_patch_is_json_with_names_escaped(glance, request_, monkeypatch):
    image_id = glance.add()["id"]
    images.image_update(request_, image_id, {"a/b": "c"})
    assert json.dumps(glance.calls[0].body) == '[{"op": "add", "path": "/a~1b", "value": "c"}]'


def test_the_hash_algorithm_is_that_of_an_active_image(glance, request_):
    assert images.hash_algorithm(request_) is None
    glance.add(status="queued", os_hash_algo="md5")
    assert images.hash_algorithm(request_) is None
    glance.add(status="active", os_hash_algo="sha256")
    assert images.hash_algorithm(request_) == "sha256"
    assert glance.calls[-1].query["limit"] == "1"


def test_the_store_of_an_upload(glance, request_):
    image = glance.add(status="queued")
    images.image_upload(request_, image["id"], [b"data"], store="archive")
    assert glance.upload_headers[images.STORE_HEADER] == "archive"


def test_data_of_an_image(glance, request_):
    image = glance.add()
    glance.uploads[image["id"]] = b"0123456789"
    with images.image_data(request_, image["id"], "bytes=2-4") as data:
        assert b"".join(data.chunks(100)) == b"234"


def test_data_of_what_is_no_image(glance, request_):
    with pytest.raises(exceptions.ImageNotFound):
        images.image_data(request_, "../secret")
    assert glance.calls == []


@pytest.mark.parametrize("count", [3, 100])
def test_images_found_has_an_answer_for_each(glance, count):
    plain = [glance.add()["id"] for _ in range(count)]
    hidden = [glance.add(os_hidden=True)["id"] for _ in range(count)]
    gone = factories.image_id(10**7)
    request = factories.request()
    found = images.images_or_errors(request, [*plain, *hidden, gone, "no id", plain[0]])
    assert set(found) == {*plain, *hidden, gone, "no id"}
    assert {found[id_].id for id_ in (*plain, *hidden)} == {*plain, *hidden}
    assert isinstance(found[gone], exceptions.ImageNotFound)
    assert isinstance(found["no id"], exceptions.ImageNotFound)


def test_a_hundred_images_are_found_in_a_few_calls(glance):
    ids = [glance.add()["id"] for _ in range(100)]
    images.images_or_errors(factories.request(), ids)
    assert len(glance.calls) == 2


def test_a_list_that_fails_leaves_each_image_to_be_asked_for(glance):
    ids = [glance.add()["id"] for _ in range(20)]
    glance.failing["GET /v2/images"] = fakes.refusal(500, "no")
    found = images.images_or_errors(factories.request(), ids)
    assert {image.id for image in found.values()} == set(ids)
