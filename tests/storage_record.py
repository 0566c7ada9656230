# SPDX-License-Identifier: Apache-2.0
"""The figures of Storage by day, as Glance has them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from demo.cloud import Cloud
from helion_images_panel.core.storage_days import DayFigures, days_of
from helion_images_panel.core.stored_rules import ALL_DOMAINS

PREFIX = "helion_storage_"


class Record:
    """The namespaces with the figures, as the cloud's admin sees them."""

    def __init__(self, cloud: Cloud):
        self._session = cloud.session("admin")
        self._url = f"{cloud.glance.url}/v2/metadefs/namespaces"

    def names(self) -> list[str]:
        found = self._session.get(f"{self._url}?limit=1000").json()["namespaces"]
        return [each["namespace"] for each in found if each["namespace"].startswith(PREFIX)]

    def show(self, domain_id: str) -> Any:
        return self._session.get(f"{self._url}/{self._name(domain_id)}").json()

    def text(self, domain_id: str) -> str:
        return str(self.show(domain_id)["properties"]["days"]["description"])

    def days(self, domain_id: str) -> tuple[DayFigures, ...] | None:
        return days_of(domain_id, self.text(domain_id))

    def set(self, domain_id: str, text: str) -> None:
        body = {"name": "days", "title": "Days", "type": "string", "description": text}
        self._session.put(f"{self._url}/{self._name(domain_id)}/properties/days", json=body)

    def make(self, domain_id: str, text: str) -> None:
        """Make the namespace, as the first look does."""
        properties = {"days": {"title": "Days", "type": "string", "description": text}}
        body = {"namespace": self._name(domain_id), "visibility": "private", "protected": True}
        self._session.post(self._url, json={**body, "properties": properties})

    def _name(self, domain_id: str) -> str:
        return PREFIX + ("of_all_domains" if domain_id == ALL_DOMAINS else domain_id)

    def clear(self) -> None:
        for name in self.names():
            body = {"namespace": name, "protected": False}
            self._session.put(f"{self._url}/{name}", json=body)
            self._session.delete(f"{self._url}/{name}")


def day(days_ago: int = 0) -> str:
    return (datetime.now(UTC) - timedelta(days=days_ago)).date().isoformat()
