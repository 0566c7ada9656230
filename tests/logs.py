# SPDX-License-Identifier: Apache-2.0
"""What the tests leave in the logs of the dashboards: no secrets, and no errors of ours."""

from __future__ import annotations

import re
from pathlib import Path

#: What must not stand there, and what it is. Fernet tokens begin with the same letters.
_UNWANTED = {
    "a token": re.compile(r"gAAAA"),
    "a password": re.compile(r"password=\S+|'password': '[^*]"),
    "a server error": re.compile(r'HTTP/1\.1" 500 '),
}

#: Horizon's own: its wizard Launch Instance asks for definitions of a type that has none.
_OF_HORIZON = re.compile(r'"GET /api/glance/metadefs/namespaces/\?\S*OS::Cinder::Volumes\S* HTTP')

#: Of dashboards whose middleware fails in a test.
_FAILING = {"horizon-dropping.log"}

#: Of dashboards without their memcached for a while: Horizon's login then fails, and no
#: other page.
_WITHOUT_LOGIN = {"horizon-one.log", "horizon-two.log"}
_EXCEPT_LOGIN = re.compile(r'"(?!POST /auth/login/)\w+ \S+ HTTP/1\.1" 500 ')


class DashboardLogs:
    """All that the dashboards of a cloud write from now on, into logs of any of their names."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._began = {log: log.stat().st_size for log in self._logs()}

    def _logs(self) -> list[Path]:
        return sorted(self._folder.glob("horizon*.log"))

    def check(self) -> None:
        written = 0
        for log in self._logs():
            unwanted = dict(_UNWANTED)
            if log.name in _FAILING:
                del unwanted["a server error"]
            if log.name in _WITHOUT_LOGIN:
                unwanted["a server error"] = _EXCEPT_LOGIN
            with log.open("rb") as file:
                file.seek(self._began.get(log, 0))
                text = file.read().decode(errors="replace")
            written += len(text)
            for line in text.splitlines():
                if _OF_HORIZON.search(line):
                    continue
                for what, pattern in unwanted.items():
                    assert not pattern.search(line), f"{log.name} has {what}: {line[:200]}"
        assert written, "the dashboards have written no log"
