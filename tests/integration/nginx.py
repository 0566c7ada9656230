# SPDX-License-Identifier: Apache-2.0
"""A real nginx before a dashboard, with several settings for bodies: each on a port of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from demo import ports
from demo.ports import HOST
from tests import programs
from tests.integration.waiting import wait_until

HOW_TO_GET_IT = "nginx is missing; on Debian: apt-get install nginx"

#: What nginx would put where only root may write.
TEMPORARY = """\
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
"""

CONFIG = (
    """\
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
"""
    + TEMPORARY
    + """\
{servers}
}}
"""
)

SERVER = """\
    server {{
        listen {host}:{port};
        location / {{
            proxy_pass {upstream};
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            {settings}
        }}
    }}
"""


def program() -> str:
    return programs.path_of("nginx") or programs.do_without(HOW_TO_GET_IT)


@contextmanager
def running(folder: Path, upstream: str, servers: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """:param servers: the settings of each server's location, by a name
    :return: the URL of each server
    """
    chosen = ports.assign(dict.fromkeys(servers))
    text = "".join(
        SERVER.format(host=HOST, port=chosen[name], upstream=upstream, settings=settings)
        for name, settings in servers.items()
    )
    file = folder / "nginx.conf"
    file.write_text(CONFIG.format(folder=folder, servers=text))
    command = [program(), "-c", str(file), "-e", str(folder / "error.log")]
    process = subprocess.Popen(command)
    try:
        wait_until(
            lambda: process.poll() is not None or not any(map(ports.is_free, chosen.values())),
            bool,
            "nginx to listen",
        )
        assert process.poll() is None, (folder / "error.log").read_text()
        yield {name: f"http://{HOST}:{port}" for name, port in chosen.items()}
    finally:
        process.terminate()
        process.wait(10)
