# SPDX-License-Identifier: Apache-2.0
"""What all the other tests have left in the logs of the dashboard."""

from __future__ import annotations

import re

from demo.cloud import Cloud


def dashboard_logs(cloud: Cloud) -> dict[str, str]:
    return {path.name: path.read_text() for path in cloud.state.logs.glob("horizon*.log")}


def test_no_token(cloud: Cloud) -> None:
    """Fernet tokens begin with the same six letters."""
    for name, log in dashboard_logs(cloud).items():
        assert log, name
        found = [line[:200] for line in log.splitlines() if "gAAAA" in line]
        assert not found, name


def test_no_password(cloud: Cloud) -> None:
    for name, log in dashboard_logs(cloud).items():
        assert not re.findall(r"password=\S+|'password': '[^*]", log), name


def test_no_server_error(cloud: Cloud) -> None:
    for name, log in dashboard_logs(cloud).items():
        found = [line for line in log.splitlines() if re.search(r'HTTP/1\.1" 500 ', line)]
        assert not found, name
