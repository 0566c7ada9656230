# SPDX-License-Identifier: Apache-2.0
"""The newest build in the real layouts of all publishers of the catalogue."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helion_images_panel.catalogue import layouts
from helion_images_panel.catalogue.entries import Listing
from helion_images_panel.catalogue.newest import NotFound, Response, newest_build
from helion_images_panel.catalogue.newest import _size as size_in
from helion_images_panel.catalogue.properties import properties_of
from helion_images_panel.core.checksum_names import words_of
from helion_images_panel.core.checksums import Checksum
from tests import publishers
from tests.publishers import NEWEST, Publishers
from tests.unit.catalogue.samples import entry, official, reader

OFFICIAL = official()

#: The file of each entry's newest build, and the algorithm of its checksum.
FILES = {
    "Ubuntu 22.04 (x86_64)": ("sha256", "20261112/ubuntu-22.04-server-cloudimg-amd64.img"),
    "Ubuntu 24.04 (x86_64)": ("sha256", "20261120/ubuntu-24.04-server-cloudimg-amd64.img"),
    "Ubuntu 24.04 (aarch64)": ("sha256", "20261120/ubuntu-24.04-server-cloudimg-arm64.img"),
    "Ubuntu 26.04 (x86_64)": ("sha256", "20261118/ubuntu-26.04-server-cloudimg-amd64.img"),
    "Debian 12 (x86_64)": ("sha512", "debian-12-genericcloud-amd64-20261103-2273.qcow2"),
    "Debian 13 (x86_64)": ("sha512", "debian-13-genericcloud-amd64-20261117-2299.qcow2"),
    "Debian 13 (aarch64)": ("sha512", "debian-13-genericcloud-arm64-20261117-2299.qcow2"),
    "Fedora 43 (x86_64)": ("sha256", "Fedora-Cloud-Base-Generic-43-1.6.x86_64.qcow2"),
    "Fedora 44 (x86_64)": ("sha256", "Fedora-Cloud-Base-Generic-44-1.7.x86_64.qcow2"),
    "Rocky Linux 9 (x86_64)": ("sha256", "Rocky-9-GenericCloud-Base-9.8-20261018.0.x86_64.qcow2"),
    "Rocky Linux 10 (x86_64)": (
        "sha256",
        "Rocky-10-GenericCloud-Base-10.2-20261019.0.x86_64.qcow2",
    ),
    "AlmaLinux 9 (x86_64)": ("sha256", "AlmaLinux-9-GenericCloud-9.8-20261020.x86_64.qcow2"),
    "AlmaLinux 10 (x86_64)": ("sha256", "AlmaLinux-10-GenericCloud-10.2-20261021.0.x86_64.qcow2"),
    "CentOS Stream 9 (x86_64)": (
        "sha256",
        "CentOS-Stream-GenericCloud-9-20261116.0.x86_64.qcow2",
    ),
    "CentOS Stream 10 (x86_64)": (
        "sha256",
        "CentOS-Stream-GenericCloud-10-20261117.0.x86_64.qcow2",
    ),
    "openSUSE Leap 16.0 (x86_64)": (
        "sha256",
        "Leap-16.0-Minimal-VM.x86_64-16.0.0-Cloud-Build16.5.qcow2",
    ),
    "Arch Linux (x86_64)": ("sha256", "Arch-Linux-x86_64-cloudimg-20261115.604814.qcow2"),
    "Alpine Linux 3.23 (x86_64)": (
        "sha512",
        "generic_alpine-3.23.10-x86_64-bios-cloudinit-r0.qcow2",
    ),
    "Flatcar Container Linux (x86_64)": (
        "sha512",
        "4459.2.1/flatcar_production_openstack_image.img",
    ),
    "Fedora CoreOS (x86_64)": (
        "sha256",
        "fedora-coreos-44.20261102.3.0-openstack.x86_64.qcow2.xz",
    ),
    "FreeBSD (x86_64)": ("sha512", "FreeBSD-15.1-RELEASE-amd64-BASIC-CLOUDINIT-ufs.qcow2.xz"),
    "CirrOS (x86_64)": ("md5", "cirros-0.6.3-x86_64-disk.img"),
    "Talos Linux (x86_64)": None,
}


@pytest.fixture
def server():
    return Publishers()


@pytest.mark.parametrize("title", OFFICIAL)
def test_the_newest_build_of_each_publisher(title, server):
    each = OFFICIAL[title]
    build = newest_build(each, reader(server))
    assert (build.version, build.build_date) == NEWEST[each.name]
    if FILES[title]:
        algorithm, name = FILES[title]
        assert build.checksum == Checksum(algorithm, publishers.digest(algorithm, name))
        # The URL is that of the file with that checksum.
        assert server.response(build.url).body == publishers.data_of(name)
    else:
        assert build.checksum is None


def test_an_entry_of_all_versions_has_that_of_the_build(server):
    rolling = {}
    for each in OFFICIAL.values():
        if "os_version" not in each.meta:
            build = newest_build(each, reader(server))
            rolling[each.name] = properties_of(each, build)["os_version"]
    names = ("Arch Linux", "Flatcar Container Linux", "Fedora CoreOS", "FreeBSD", "CirrOS")
    assert rolling == {name: NEWEST[name][0] for name in (*names, "Talos Linux")}


def test_sizes_that_the_lists_have(server):
    """Others are asked of the file's server: see `check.with_size`."""
    builds = {title: newest_build(each, reader(server)) for title, each in OFFICIAL.items()}
    sizes = {title: build.size_bytes for title, build in builds.items() if build.size_bytes}
    names = {each.split(" (")[0] for each in sizes}
    assert names == {
        *("Ubuntu 22.04", "Ubuntu 24.04", "Ubuntu 26.04", "Fedora 43", "Fedora 44", "FreeBSD"),
        *("Rocky Linux 9", "Rocky Linux 10", "CentOS Stream 9", "CentOS Stream 10"),
    }
    for title, size_bytes in sizes.items():
        assert size_bytes == len(publishers.data_of(FILES[title][1]))


@pytest.mark.parametrize(
    ("line", "size_bytes"),
    [
        ("# d-2.qcow2: 556793856 bytes", 556793856),
        ("# d-2.qcow2: 0 bytes", None),
        ("# other-d-2.qcow2: 5 bytes", None),
        ("# d-2.qcow2: many bytes", None),
        ("# d-2.qcow2: 1e9 bytes", None),
        ("#" * 100_000 + " d-2.qcow2: 5 bytes", None),
        ("# d-2.qcow2: " + "9" * 30 + " bytes", None),
    ],
)
def test_the_size_in_a_list_of_checksums(line, size_bytes):
    assert size_in(f"# a.qcow2: 7 bytes\n{line}\n", "d-2.qcow2") == size_bytes


def test_what_is_compressed():
    builds = {title: newest_build(each, reader(Publishers())) for title, each in OFFICIAL.items()}
    compressed = {title: build.compression for title, build in builds.items() if build.compression}
    assert compressed == {
        "Fedora CoreOS (x86_64)": "xz",
        "FreeBSD (x86_64)": "xz",
        "Talos Linux (x86_64)": "xz",
    }
    name = "fedora-coreos-44.20261102.3.0-openstack.x86_64.qcow2"
    content = Checksum("sha256", publishers.digest("sha256", name))
    assert builds["Fedora CoreOS (x86_64)"].content_checksum == content


def test_an_entry_without_a_list(server):
    assert newest_build(entry(), reader(server)) is None
    assert server.requested == []


def newest(**newest):
    return entry(newest=newest)


def answers(texts):
    """Reads from a mapping of URLs to texts."""

    def read(url, hosts, max_bytes):
        return Response(texts[url], "2026-11-10")

    return read


FOLDER = "https://files.example/images/"


def test_only_the_newest_folders_are_looked_into(server):
    """A publisher without any complete folder is not walked through."""
    del server.trees["cloud.debian.org"]["images/cloud/trixie/20261117-2299/SHA512SUMS"]
    tree = server.trees["cloud.debian.org"]
    for number in range(1, 9):
        tree[f"images/cloud/trixie/2026112{number}-1/debian.json"] = b""
    with pytest.raises(NotFound):
        newest_build(OFFICIAL["Debian 13 (x86_64)"], reader(server))
    assert len(server.requested) == 4


def test_an_error_of_the_server_does_not_make_an_older_build_the_newest(server):
    place = "cloud.debian.org/images/cloud/trixie/20261117-2299/SHA512SUMS"
    server.special[place] = publishers.Response(503)
    with pytest.raises(NotFound, match="503"):
        newest_build(OFFICIAL["Debian 13 (x86_64)"], reader(server))


@pytest.mark.parametrize(
    "sums",
    [
        "",
        f"{'a' * 64}  v1.img\n",
        f"SHA256 (v10.img.asc) = {'a' * 64}\n",
        "a page of something else",
        f"{'a' * 40}  v2.img\n",
        f"{'a' * 64}  v2.img\n{'b' * 64}  v2.img\n",
    ],
)
def test_a_list_of_checksums_that_does_not_have_the_file(sums):
    each = newest(layout="directory", url=f"{FOLDER}v{{build}}.img", checksums="SUMS")
    texts = {FOLDER: '<a href="v2.img">', f"{FOLDER}SUMS": sums}
    with pytest.raises(NotFound, match="list of checksums does not have the file"):
        newest_build(each, answers(texts))


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/images/v9.img",
        "//elsewhere.example/images/v9.img",
        "/other/v9.img",
        "../v9.img",
        "sub/v9.img",
        "v9.img?token=1",
        "javascript:v9.img",
        "https://[/v9.img",
        "%2e%2e%2fv9.img",
        "v9%0a.img",
    ],
)
def test_links_that_lead_out_of_the_folder_are_left_out(link):
    each = newest(layout="directory", url=f"{FOLDER}v{{build}}.img")
    text = f'<a href="{link}">v9.img</a><a href="v2.img">v2.img</a>'
    assert newest_build(each, answers({FOLDER: text})).version == "2"


@pytest.mark.parametrize(
    "html",
    [
        '<a href="./v2.img">',
        "<A HREF=v2.img>",
        "<a href='/images/v2.img'>",
        '<a href=" v2.img/">',
        f'<a href="{FOLDER}v2.img#top">',
        '<a class="x" href="v2&#46;img">x',
    ],
)
def test_links_as_servers_write_them(html):
    each = newest(layout="directory", url=f"{FOLDER}v{{build}}.img")
    assert newest_build(each, answers({FOLDER: html})).url == f"{FOLDER}v2.img"


STREAM = {
    "layout": "simplestreams",
    "url": "https://files.example/s/streams/v1/d.json",
    "product": "p",
    "item": "disk1.img",
}


def stream(path="u.img", version="20260101", **item):
    items = {"disk1.img": {"path": path, **item}}
    return json.dumps({"products": {"p": {"versions": {version: {"items": items}}}}})


@pytest.mark.parametrize(
    "path",
    [
        "https://elsewhere.example/u.img",
        "//elsewhere.example/u.img",
        "https://files.example:8443/u.img",
        "https://me:secret@files.example/u.img",
        "ftp://files.example/u.img",
        "file:///etc/passwd",
    ],
)
def test_a_file_elsewhere_is_not_the_newest_build(path):
    with pytest.raises(NotFound) as caught:
        newest_build(newest(**STREAM), answers({STREAM["url"]: stream(path)}))
    assert "on a host that the catalogue does not name" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_host_that_the_entry_names():
    each = newest(**STREAM, hosts=["mirror.example"])
    text = stream("https://mirror.example/u.img", sha256="A" * 64, size=7)
    build = newest_build(each, answers({STREAM["url"]: text}))
    assert build.url == "https://mirror.example/u.img"
    assert build.checksum == Checksum("sha256", "a" * 64)
    assert build.size_bytes == 7


@pytest.mark.parametrize("size", ["7", True, -1, None, 1.5])
@pytest.mark.parametrize("digits", ["x" * 64, "a" * 63, 7, None])
def test_values_of_another_type_are_left_out(size, digits):
    text = stream(sha256=digits, size=size)
    build = newest_build(newest(**STREAM), answers({STREAM["url"]: text}))
    assert (build.checksum, build.size_bytes) == (None, None)


NAMES = sorted(
    words_of("""
        products p versions items disk1.img path
        architectures x86_64 artifacts a formats f disk release location
    """)
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(JSON)
def test_no_json_is_an_error_of_the_program(document):
    text = json.dumps(document)
    coreos = {"layout": "coreos", "url": "https://files.example/s.json"}
    for each in (newest(**STREAM), newest(**coreos, artifact="a", format="f")):
        with contextlib.suppress(NotFound):
            build = newest_build(each, answers({each.listing.url: text}))
            assert build.url.startswith("https://files.example/")


@given(st.text())
def test_no_text_is_an_error_of_the_program(text):
    each = newest(layout="directory", url=f"{FOLDER}v{{build}}.img", checksums="SUMS")
    pages = (text, f'<a href="v2.img">{text}', f'<a href="v2.img"><a href="{text}">')
    for page in pages:
        read = answers({FOLDER: page, f"{FOLDER}SUMS": f"{text}\n{'a' * 64}  v2.img\n{text}"})
        with contextlib.suppress(NotFound):
            assert newest_build(each, read).version


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, '{"products": []}', "\0"])
def test_a_document_of_another_layout(text):
    with pytest.raises(NotFound, match="is not as expected: it lacks"):
        newest_build(newest(**STREAM), answers({STREAM["url"]: text}))


def test_a_product_without_builds():
    text = json.dumps({"products": {"p": {"versions": {}}}})
    with pytest.raises(NotFound, match="no finished build"):
        newest_build(newest(**STREAM), answers({STREAM["url"]: text}))


def test_the_number_of_names_is_bounded():
    html = "".join(f'<a href="v{number}.img">' for number in range(layouts.MAX_NAMES + 5))
    assert len(layouts.names_in_index(html, FOLDER)) == layouts.MAX_NAMES
    assert len(layouts.words_in_text("a " * (layouts.MAX_NAMES + 5))) == layouts.MAX_NAMES


def test_paths_of_simplestreams_are_below_the_folder_of_streams():
    listing = Listing("simplestreams", STREAM["url"], select=STREAM)
    (build,) = layouts.simplestreams_builds(stream("server/u.img"), listing)
    assert build.url == "https://files.example/s/server/u.img"


def test_a_fixed_name_without_checksums():
    each = entry(latest_url="https://files.example/current/u.img")
    build = newest_build(each, answers({}))
    assert (build.version, build.build_date, build.checksum) == ("latest", "", None)
