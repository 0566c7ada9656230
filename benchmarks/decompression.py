# SPDX-License-Identifier: Apache-2.0
"""A compressed file whose content becomes the image: ``python -m benchmarks decompression``."""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks import cloud as clouds
from benchmarks.clients import CHUNK_BYTES, OpenStackClient, Panel, Way
from benchmarks.rounds import WARM_UP_MIB, SourceFile, play, read_once, reporter, warm_up
from benchmarks.table import machine, table
from demo.cloud import Cloud
from demo.service import script
from tests import programs
from tests.integration.images import Images
from tests.integration.processes import MIB

#: What makes the file, and what decompresses it, of each kind. Whoever reads a file needs the
#: memory of its dictionary, which the level has chosen: 64 MiB for "xz-9".
PROGRAMS: Mapping[str, tuple[str, list[str]]] = {
    "xz": ("xz", ["-1", "-T1"]),
    "zst": ("zstd", ["-3"]),
    "gz": ("gzip", ["-6"]),
    "bz2": ("bzip2", ["-9"]),
    "xz-6": ("xz", ["-6", "-T1"]),
    "xz-9": ("xz", ["-9", "-T1"]),
    "zst-19": ("zstd", ["-19"]),
}
DEFAULT_KINDS = ["xz", "zst"]

#: Programs, libraries, texts: what the disk of an installed system holds too.
SYSTEM = Path("/usr")


class Piped(OpenStackClient):
    """The program of the kind, whose output ``openstack image create`` reads."""

    title = "program and openstack image create"

    def __init__(self, cloud: Cloud, kind: str):
        super().__init__(cloud)
        self.program = programs.path_of(PROGRAMS[kind][0])

    def upload(self, file: Path) -> str:
        command = [script("openstack"), "image", "create", "-f", "json", file.name]
        command += ["--disk-format", "raw", "--container-format", "bare"]
        with subprocess.Popen(
            [str(self.program), "-d", "-c", str(file)], stdout=subprocess.PIPE
        ) as program:
            done = subprocess.run(
                command,
                env=self.environment,
                stdin=program.stdout,
                capture_output=True,
                check=False,
            )
        assert (program.returncode, done.returncode) == (0, 0), done.stderr.decode()[-500:]
        return str(json.loads(done.stdout)["id"])


class Decompressing(Panel):
    """What this panel's page does with "Decompress the file during the upload" ticked."""

    more_fields: Mapping[str, str] = {"decompress": "on"}


def main() -> None:
    options = _parser().parse_args()
    report = reporter()
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as name:
        folder = Path(name)
        files = {
            kind: make_file(folder / _name("image", kind), kind, options.size * MIB)
            for kind in options.kinds
        }
        tables = []
        with clouds.running(folder / "cloud") as (cloud, _stock):
            for kind, file in files.items():
                packed_mib = file.path.stat().st_size / MIB
                report(f"{packed_mib:.0f} MiB of {kind}")
                ways: list[Way] = [Piped(cloud, kind), Decompressing(cloud)]
                images = Images(cloud)
                small = make_file(folder / _name("small", kind), kind, WARM_UP_MIB * MIB)
                warm_up(ways, images, small, report)
                read_once(file.path)
                rounds = play(ways, images, file, 1, options.rounds, report)
                text = table(rounds, Piped.title).replace("direct PUT", Piped.title, 1)
                tables.append(f"{kind}, {packed_mib:.0f} MiB:\n\n{text}")
    print(
        f"\n{options.size} MiB of files of {SYSTEM}, {options.rounds} rounds, "
        f"median (range). {machine()}"
    )
    for text in tables:
        print(f"\n{text}")


def _name(name: str, kind: str) -> str:
    """The name of a file of this kind and level, with the ending of the kind alone."""
    ending, _dash, level = kind.partition("-")
    return f"{name}{level}.raw.{ending}"


def make_file(path: Path, kind: str, size_bytes: int) -> SourceFile:
    """The compressed file, with size and checksum of its content."""
    program, options = PROGRAMS[kind]
    digest, left = hashlib.sha512(), size_bytes
    with (
        path.open("wb") as packed,
        subprocess.Popen(
            [str(programs.path_of(program)), *options, "-c"], stdin=subprocess.PIPE, stdout=packed
        ) as packing,
    ):
        assert packing.stdin
        for file in sorted(SYSTEM.rglob("*")):
            if file.is_symlink() or not file.is_file():
                continue
            with file.open("rb") as opened:
                while left and (chunk := opened.read(min(CHUNK_BYTES, left))):
                    packing.stdin.write(chunk)
                    digest.update(chunk)
                    left -= len(chunk)
            if not left:
                break
    assert not left, f"{SYSTEM} has less than that"
    return SourceFile(path, size_bytes, digest.hexdigest())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks decompression",
        description="A compressed file whose content becomes the image.",
    )
    parser.add_argument("--size", type=int, default=1024, help="MiB of the content")
    parser.add_argument("--rounds", type=int, default=3, help="3 by default")
    parser.add_argument(
        "--kinds",
        nargs="+",
        default=DEFAULT_KINDS,
        choices=list(PROGRAMS),
        help="xz and zst by default",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        help="where the files and the cloud are for the time; 4 times the size",
    )
    return parser


if __name__ == "__main__":
    main()
