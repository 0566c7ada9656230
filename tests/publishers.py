# SPDX-License-Identifier: Apache-2.0
"""A file server that plays the publishers of the catalogue, with small files in real layouts.

It is an HTTP proxy as well, so that the hosts of the catalogue stay as they are. Each publisher
has an older and a newest build, and names beside them that are none.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import lzma
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote, urlsplit

from helion_images_panel.catalogue.files import OFFICIAL_FILE

HOST = "127.0.0.1"

#: When the publishers made what has no date in its name.
LAST_MODIFIED = "Tue, 10 Nov 2026 08:00:00 GMT"
LAST_MODIFIED_DAY = "2026-11-10"

#: The newest build of each entry: version and date.
NEWEST = {
    "Ubuntu 22.04": ("20261112", "2026-11-12"),
    "Ubuntu 24.04": ("20261120", "2026-11-20"),
    "Ubuntu 26.04": ("20261118", "2026-11-18"),
    "Debian 12": ("20261103-2273", "2026-11-03"),
    "Debian 13": ("20261117-2299", "2026-11-17"),
    "Fedora 43": ("1.6", LAST_MODIFIED_DAY),
    "Fedora 44": ("1.7", LAST_MODIFIED_DAY),
    "Rocky Linux 9": ("9.8-20261018.0", "2026-10-18"),
    "Rocky Linux 10": ("10.2-20261019.0", "2026-10-19"),
    "AlmaLinux 9": ("9.8-20261020", "2026-10-20"),
    "AlmaLinux 10": ("10.2-20261021.0", "2026-10-21"),
    "CentOS Stream 9": ("20261116.0", "2026-11-16"),
    "CentOS Stream 10": ("20261117.0", "2026-11-17"),
    "openSUSE Leap 16.0": ("20261110", LAST_MODIFIED_DAY),
    "Arch Linux": ("20261115.604814", "2026-11-15"),
    "Alpine Linux 3.23": ("3.23.10", LAST_MODIFIED_DAY),
    "Flatcar Container Linux": ("4459.2.1", LAST_MODIFIED_DAY),
    "Fedora CoreOS": ("44.20261102.3.0", "2026-11-02"),
    "FreeBSD": ("15.1", LAST_MODIFIED_DAY),
    "CirrOS": ("0.6.3", LAST_MODIFIED_DAY),
    "Talos Linux": ("1.12.10", ""),
}


@cache
def data_of(name: str) -> bytes:
    """The content of an image file, which differs with its name."""
    if name.endswith(".xz"):
        return lzma.compress(data_of(name.removesuffix(".xz")))
    return f"The content of {name}.\n".encode().ljust(2048, b"\0")


def digest(algorithm: str, name: str) -> str:
    return hashlib.new(algorithm, data_of(name)).hexdigest()


def catalogue_text() -> str:
    """The catalogue of the package, with the server's URLs: it has no certificate."""
    return OFFICIAL_FILE.read_text().replace("https://", "http://")


Tree = dict[str, bytes]


def _gnu(algorithm: str, *names: str) -> bytes:
    return "".join(f"{digest(algorithm, name)}  {name}\n" for name in names).encode()


def _bsd(algorithm: str, *names: str) -> bytes:
    return "".join(
        f"# {name}: {len(data_of(name))} bytes\n"
        f"{algorithm.upper()} ({name}) = {digest(algorithm, name)}\n"
        for name in names
    ).encode()


def _signed(body: bytes) -> bytes:
    return (
        b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n" + body + b"-----BEGIN PGP "
        b"SIGNATURE-----\n\niQIzBAEBCAAdFiEE1234abcd\n=abcd\n-----END PGP SIGNATURE-----\n"
    )


def _files(folder: str, *names: str) -> Tree:
    return {f"{folder}/{name}": data_of(name) for name in names}


def ubuntu() -> Tree:
    tree: Tree = {}
    products = {}
    for version, code in (("22.04", "jammy"), ("24.04", "noble"), ("26.04", "resolute")):
        newest = NEWEST[f"Ubuntu {version}"][0]
        for arch in ("amd64", "arm64"):
            versions = {}
            for build in (newest, "20260108", "20251201.1"):
                name = f"ubuntu-{version}-server-cloudimg-{arch}"
                folder = f"server/releases/{code}/release-{build}"
                items = {
                    kind: {
                        "ftype": kind,
                        "md5": digest("md5", f"{build}/{file}"),
                        "path": f"{folder}/{file}",
                        "sha256": digest("sha256", f"{build}/{file}"),
                        "size": len(data_of(f"{build}/{file}")),
                    }
                    for kind, file in (("disk1.img", f"{name}.img"), ("ova", f"{name}.ova"))
                }
                items["manifest"] = {"ftype": "manifest", "path": f"{folder}/{name}.manifest"}
                versions[build] = {"items": items, "label": "release", "pubname": name}
                tree[f"releases/{folder}/{name}.img"] = data_of(f"{build}/{name}.img")
            products[f"com.ubuntu.cloud:server:{version}:{arch}"] = {
                "arch": arch,
                "os": "ubuntu",
                "release": code,
                "version": version,
                "versions": versions,
            }
    stream = {"content_id": "com.ubuntu.cloud:released:download", "format": "products:1.0"}
    document = json.dumps({**stream, "datatype": "image-downloads", "products": products})
    tree["releases/streams/v1/com.ubuntu.cloud:released:download.json"] = document.encode()
    return tree


def debian() -> Tree:
    tree: Tree = {}
    for number, code in (("12", "bookworm"), ("13", "trixie")):
        newest = NEWEST[f"Debian {number}"][0]
        for build in ("20260806-1900", "20250316-2053", newest):
            names = [
                f"debian-{number}-{kind}-{arch}-{build}.{end}"
                for kind in ("generic", "genericcloud", "nocloud")
                for arch in ("amd64", "arm64")
                for end in ("json", "qcow2", "raw")
            ]
            tree |= _files(f"images/cloud/{code}/{build}", *names)
            tree[f"images/cloud/{code}/{build}/SHA512SUMS"] = _gnu("sha512", *names)
        tree[f"images/cloud/{code}/latest/SHA512SUMS"] = b""
        tree[f"images/cloud/{code}/daily/latest/SHA512SUMS"] = b""
    # The newest folder is not complete yet.
    tree["images/cloud/trixie/20261128-2310/debian-13-generic-amd64-20261128-2310.json"] = b"{}"
    return tree


def fedora() -> Tree:
    tree: Tree = {}
    for number in ("43", "44"):
        build = NEWEST[f"Fedora {number}"][0]
        folder = f"pub/fedora/linux/releases/{number}/Cloud/x86_64/images"
        names = [
            f"Fedora-Cloud-Base-{kind}-{number}-{build}.x86_64.{end}"
            for kind, end in (("AmazonEC2", "raw.xz"), ("Generic", "qcow2"), ("GCE", "tar.gz"))
        ]
        tree |= _files(folder, *names)
        sums = _signed(_bsd("sha256", *names))
        tree[f"{folder}/Fedora-Cloud-{number}-{build}-x86_64-CHECKSUM"] = sums
    return tree


def rocky() -> Tree:
    tree: Tree = {}
    for number, older in (("9", "9.7-20251123.2"), ("10", "10.1-20251116.0")):
        newest = NEWEST[f"Rocky Linux {number}"][0]
        folder = f"pub/rocky/{number}/images/x86_64"
        names = [
            f"Rocky-{number}-GenericCloud-{kind}{build}.x86_64.qcow2"
            for kind in ("Base", "LVM")
            for build in (f"-{newest}", f"-{older}", ".latest")
        ]
        tree |= _files(folder, *names)
        tree[f"{folder}/CHECKSUM"] = _bsd("sha256", *names)
        tree |= {f"{folder}/{name}.CHECKSUM": _bsd("sha256", name) for name in names}
    return tree


def alma() -> Tree:
    tree: Tree = {}
    for number, older in (("9", "9.7-20251118"), ("10", "10.1-20251125.0")):
        newest = NEWEST[f"AlmaLinux {number}"][0]
        folder = f"almalinux/{number}/cloud/x86_64/images"
        names = [
            f"AlmaLinux-{number}-GenericCloud-{kind}{build}.x86_64.qcow2"
            for kind in ("", "ext4-")
            for build in (newest, older, "latest")
        ]
        tree |= {**_files(folder, *names), f"{folder}/CHECKSUM": _gnu("sha256", *names)}
    return tree


def centos() -> Tree:
    tree: Tree = {}
    for number in ("9", "10"):
        newest = NEWEST[f"CentOS Stream {number}"][0]
        folder = f"centos/{number}-stream/x86_64/images"
        for build in (newest, "20250512.0", "20260902.10", "latest"):
            name = f"CentOS-Stream-GenericCloud-{number}-{build}.x86_64.qcow2"
            tree |= _files(folder, name)
            tree[f"{folder}/{name}.SHA256SUM"] = _bsd("sha256", name)
            tree[f"{folder}/{name}.MD5SUM"] = _bsd("md5", name)
    return tree


def opensuse() -> Tree:
    """The name that does not change is a link to the file of the newest build."""
    folder = "distribution/leap/16.0/appliances"
    link = "Leap-16.0-Minimal-VM.x86_64-Cloud.qcow2"
    name = "Leap-16.0-Minimal-VM.x86_64-16.0.0-Cloud-Build16.5.qcow2"
    return {
        f"{folder}/{link}": data_of(name),
        f"{folder}/{link}.sha256": _gnu("sha256", name),
        **_files(folder, name),
    }


def arch() -> Tree:
    tree: Tree = {}
    for build in (NEWEST["Arch Linux"][0], "20260901.583572"):
        names = [
            f"Arch-Linux-x86_64-{kind}-{build}.{end}"
            for kind, end in (("basic", "qcow2"), ("cloudimg", "qcow2"))
        ]
        tree |= _files(f"images/v{build}", *names)
        tree |= {f"images/v{build}/{name}.SHA256": _gnu("sha256", name) for name in names}
    tree["images/latest/Arch-Linux-x86_64-cloudimg.qcow2"] = b""
    return tree


def alpine() -> Tree:
    folder = "alpine/v3.23/releases/cloud"
    names = [
        f"{kind}_alpine-{build}-{arch_}-{firmware}-cloudinit-r0.qcow2"
        for kind in ("generic", "nocloud")
        for build in (NEWEST["Alpine Linux 3.23"][0], "3.23.9", "3.23.0", "3.23.11_rc1")
        for arch_ in ("x86_64", "aarch64")
        for firmware in ("bios", "uefi")
    ]
    # Digits alone, without a name.
    sums = {f"{folder}/{name}.sha512": digest("sha512", name).encode() for name in names}
    return {**_files(folder, *names), **sums}


def flatcar() -> Tree:
    build, name = NEWEST["Flatcar Container Linux"][0], "flatcar_production_openstack_image.img"
    sums = "".join(
        f"# {label} HASH\n{digest(algorithm, f'{build}/{name}')}  {name}\n"
        for label, algorithm in (("MD5", "md5"), ("SHA1", "sha1"), ("SHA512", "sha512"))
    )
    version = (
        f"FLATCAR_BUILD=4459\nFLATCAR_BRANCH=2\nFLATCAR_PATCH=1\nFLATCAR_VERSION={build}\n"
        f'FLATCAR_VERSION_ID={build}\nFLATCAR_BUILD_ID="2026-11-09-1630"\n'
    )
    return {
        "amd64-usr/current/version.txt": version.encode(),
        f"amd64-usr/{build}/{name}": data_of(f"{build}/{name}"),
        f"amd64-usr/{build}/{name}.DIGESTS": sums.encode(),
    }


def coreos() -> Tree:
    build = NEWEST["Fedora CoreOS"][0]
    folder = f"prod/streams/stable/builds/{build}/x86_64"
    name = f"fedora-coreos-{build}-openstack.x86_64.qcow2.xz"
    disk = {
        "location": f"http://builds.coreos.fedoraproject.org/{folder}/{name}",
        "signature": f"http://builds.coreos.fedoraproject.org/{folder}/{name}.sig",
        "sha256": digest("sha256", name),
        "uncompressed-sha256": digest("sha256", name.removesuffix(".xz")),
    }
    artifact = {"release": build, "formats": {"qcow2.xz": {"disk": disk}}}
    document = {
        "stream": "stable",
        "metadata": {"last-modified": "2026-11-04T17:02:11Z"},
        "architectures": {"x86_64": {"artifacts": {"openstack": artifact, "qemu": artifact}}},
    }
    return {"streams/stable.json": json.dumps(document).encode(), **_files(folder, name)}


def freebsd() -> Tree:
    tree: Tree = {"releases/VM-IMAGES/README.TXT": b"Images of virtual machines.\n"}
    for build in (NEWEST["FreeBSD"][0], "14.4", "13.5"):
        folder = f"releases/VM-IMAGES/{build}-RELEASE/amd64/Latest"
        names = [
            f"FreeBSD-{build}-RELEASE-amd64-{kind}{fs}.{end}"
            for kind in ("", "BASIC-CLOUDINIT-")
            for fs in ("ufs", "zfs")
            for end in ("qcow2.xz", "raw.xz")
        ]
        tree |= _files(folder, *names)
        tree[f"{folder}/CHECKSUM.SHA512"] = _bsd("sha512", *names)
    return tree


def cirros() -> Tree:
    tree: Tree = {"version/released": b"0.6.3\n"}
    for build in (NEWEST["CirrOS"][0], "0.6.2", "0.5.3", "0.3.0-rc1"):
        names = [
            f"cirros-{build}-{arch_}-{kind}"
            for arch_ in ("aarch64", "x86_64")
            for kind in ("disk.img", "kernel", "rootfs.img.gz")
        ]
        tree |= {**_files(build, *names), f"{build}/MD5SUMS": _gnu("md5", *names)}
    return tree


def talos() -> Tree:
    versions = ["v1.12.9", "v1.12.10", "v1.13.0-alpha.1", "v1.13.0-beta.0", "v1.11.6"]
    return {"versions": json.dumps(versions).encode()}


PUBLISHERS: Mapping[str, Callable[[], Tree]] = {
    "cloud-images.ubuntu.com": ubuntu,
    "cloud.debian.org": debian,
    "dl.fedoraproject.org": fedora,
    "dl.rockylinux.org": rocky,
    "repo.almalinux.org": alma,
    "cloud.centos.org": centos,
    "download.opensuse.org": opensuse,
    "geo.mirror.pkgbuild.com": arch,
    "dl-cdn.alpinelinux.org": alpine,
    "stable.release.flatcar-linux.net": flatcar,
    "builds.coreos.fedoraproject.org": coreos,
    "download.freebsd.org": freebsd,
    "download.cirros-cloud.net": cirros,
    "factory.talos.dev": talos,
}


def apache_index(path: str, names: list[str]) -> str:
    """With links that sort the list, and one to the folder above."""
    rows = "".join(
        f'<tr><td valign="top"><img src="/icons/folder.gif" alt="[DIR]"></td>'
        f'<td><a href="{quote(name)}">{name[:23]}..&gt;</a></td>'
        f'<td align="right">2026-11-10 08:00  </td><td align="right">  - </td></tr>\n'
        for name in names
    )
    return (
        f"<!DOCTYPE HTML>\n<html><head><title>Index of {path}</title></head><body>\n"
        f'<h1>Index of {path}</h1><table><tr><th><a href="?C=N;O=D">Name</a></th>'
        f'<th><a href="?C=M;O=A">Last modified</a></th></tr>\n'
        f'<tr><td><a href="{path.rstrip("/").rpartition("/")[0]}/">Parent Directory</a></td></tr>'
        f"\n{rows}</table></body></html>\n"
    )


def nginx_index(path: str, names: list[str]) -> str:
    rows = "".join(
        f'<a href="{quote(name)}">{name[:47]}</a>      10-Nov-2026 08:00      -\n' for name in names
    )
    return (
        f"<html>\n<head><title>Index of {path}</title></head>\n<body>\n<h1>Index of {path}</h1>"
        f'<hr><pre><a href="../">../</a>\n{rows}</pre><hr></body>\n</html>\n'
    )


def absolute_index(path: str, names: list[str]) -> str:
    """With links that begin at the root of the server, as those of some scripts."""
    rows = "".join(f"<li><A HREF='{path}{quote(name)}' class=item>{name}</A>" for name in names)
    return f"<html><body><ul><li><a href='/'>Home</a>{rows}</ul></body></html>"


INDEXES = {
    "cloud.debian.org": apache_index,
    "dl.fedoraproject.org": apache_index,
    "download.cirros-cloud.net": apache_index,
    "cloud.centos.org": apache_index,
    "download.freebsd.org": absolute_index,
    "repo.almalinux.org": absolute_index,
}


@dataclass
class Response:
    """One response instead of a file."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Seconds between the bytes of the body.
    pause_s: float = 0
    #: The body comes when this is set, or after two minutes; its first bytes come before.
    hold: threading.Event | None = None
    first_bytes: int = 0


class Publishers:
    """The server; `url` is that of the proxy."""

    def __init__(self) -> None:
        self.trees = {host: make() for host, make in PUBLISHERS.items()}
        #: Responses of single URLs, by host and path.
        self.special: dict[str, Response] = {}
        #: Each URL that was requested, and the headers of the last request.
        self.requested: list[str] = []
        self.last_headers: dict[str, str] = {}
        handler = type("Handler", (_Handler,), {"publishers": self})
        self._server = ThreadingHTTPServer((HOST, 0), handler)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._server.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator[Publishers]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def response(self, url: str) -> Response:
        parts = urlsplit(url)
        place = f"{parts.netloc}{unquote(parts.path)}"
        if place in self.special:
            return self.special[place]
        tree, path = self.trees.get(parts.netloc), unquote(parts.path).lstrip("/")
        if tree is None:
            return Response(502, b"No such host.")
        if path in tree:
            return Response(body=tree[path], headers={"Last-Modified": LAST_MODIFIED})
        names = {
            rest.split("/")[0] + "/" * ("/" in rest)
            for each in tree
            if each.startswith(path) and (rest := each.removeprefix(path))
        }
        if path and not path.endswith("/"):
            is_folder = any(name.startswith("/") for name in names)
            location = {"Location": f"{url}/"}
            return Response(301, headers=location) if is_folder else Response(404, b"Not found.")
        index = INDEXES.get(parts.netloc, nginx_index)
        return Response(body=index(parts.path, sorted(names)).encode()) if names else Response(404)


class _Handler(BaseHTTPRequestHandler):
    publishers: Publishers

    def do_GET(self) -> None:
        # As a proxy it gets the whole URL.
        url = self.path if "://" in self.path else f"http:/{self.path}"
        self.publishers.requested.append(url)
        self.publishers.last_headers = dict(self.headers.items())
        response = self.publishers.response(url)
        self.send_response(response.status)
        if "Content-Length" not in response.headers:
            self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        try:
            if response.hold:
                self.wfile.write(response.body[: response.first_bytes])
                self.wfile.flush()
                response.hold.wait(120)
            if response.pause_s:
                for byte in response.body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(response.pause_s)
            else:
                self.wfile.write(response.body[response.first_bytes :])
        except OSError:
            pass  # The client has enough.

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


def gzipped(body: bytes) -> Response:
    """The body, compressed though nobody asked for it."""
    return Response(body=gzip.compress(body), headers={"Content-Encoding": "gzip"})
