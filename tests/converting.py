# SPDX-License-Identifier: Apache-2.0
"""A Glance that converts, unpacks and labels what it imports, as clouds on Ceph do.

It also requires a property of each image, and has no worker_self_reference_url.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.cloud import Cloud
from demo.glance import Glance
from tests import programs
from tests.integration.reconfigured import reconfigured

HOW_TO_GET_IT = "qemu-img is missing; on Debian: apt-get install qemu-utils"

CONVERTING = """\
[DEFAULT]
worker_self_reference_url =
[image_import_opts]
image_import_plugins = [inject_image_metadata,image_decompression,image_conversion]
[image_conversion]
output_format = raw
[inject_metadata_properties]
inject = imported_by:cloud
"""

SCHEMA = {
    "properties": {
        "department": {
            "type": "string",
            "title": "Department",
            "description": "Pays for the image.",
            "enum": ["sales", "science"],
        }
    },
    "required": ["department"],
}


def require_qemu() -> None:
    """Where it is missing, Glance could not convert."""
    if not programs.path_of("qemu-img"):
        programs.do_without(HOW_TO_GET_IT)


@contextmanager
def converting(cloud: Cloud, *, requires: bool = True) -> Iterator[Glance]:
    """The cloud's Glance as such a one, and as it was afterwards: two restarts of two seconds.

    :param requires: whether it requires the property
    """
    schema = {"image_schema": SCHEMA} if requires else {}
    with reconfigured(cloud, more_config=CONVERTING, **schema) as glance:
        yield glance


def make_disk(path: Path) -> Path:
    """An empty QCOW2 of 4 MiB."""
    tool = programs.path_of("qemu-img")
    subprocess.run([tool, "create", "-q", "-f", "qcow2", path, "4M"], check=True)
    return path
