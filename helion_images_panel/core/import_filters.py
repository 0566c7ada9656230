# SPDX-License-Identifier: Apache-2.0
"""The URLs from which Glance imports: its options [import_filtering_opts], which no API returns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

SCHEME, HOST, PORT = "scheme", "host", "port"

#: Options of Glance whose values are numbers.
_NUMBERS = frozenset(("allowed_ports", "disallowed_ports"))


@dataclass(frozen=True)
class ImportFilters:
    """The options by Glance's names, with its defaults. A list of what is allowed makes Glance
    ignore the list of what is disallowed.
    """

    allowed_schemes: Collection[Any] = ("http", "https")
    disallowed_schemes: Collection[Any] = ()
    allowed_hosts: Collection[Any] = ()
    disallowed_hosts: Collection[Any] = ()
    allowed_ports: Collection[Any] = field(default=(80, 443))
    disallowed_ports: Collection[Any] = ()

    @classmethod
    def of_options(cls, options: Mapping[str, Any]) -> ImportFilters:
        """Raise ValueError for an unknown option, or a value that is not a list of its kind."""
        known = {each.name for each in fields(cls)}
        for name, values in options.items():
            kind = int if name in _NUMBERS else str
            if (
                name not in known
                or not isinstance(values, (list, tuple, set, frozenset))
                or not all(isinstance(each, kind) and each is not True for each in values)
            ):
                raise ValueError(name)
        return cls(**options)

    def refusal(self, url: str) -> str:
        """Return SCHEME, HOST or PORT, for what Glance refuses first; empty if it is nothing.

        Glance looks at a port only if the URL names one. It also refuses hosts without an
        address: see `refuses_address`.
        """
        parts = urlsplit(url)
        if not _is_allowed(parts.scheme, self.allowed_schemes, self.disallowed_schemes):
            return SCHEME
        host = _normalized(parts.hostname or "")
        if not host or not _is_allowed(host, self.allowed_hosts, self.disallowed_hosts):
            return HOST
        if parts.port and not _is_allowed(parts.port, self.allowed_ports, self.disallowed_ports):
            return PORT
        return ""

    def refuses_address(self, url: str, address: str) -> bool:
        """Whether Glance 33 does not connect to this address of the URL's host.

        Older releases connect to it.
        """
        host = _normalized(urlsplit(url).hostname or "")
        if self.allowed_hosts and host in self.allowed_hosts:
            return False
        parsed = ip_address(address)
        actual = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
        if (actual or parsed).is_loopback or (actual or parsed).is_link_local:
            return True
        disallowed = () if self.allowed_hosts else self.disallowed_hosts
        return str(parsed) in disallowed


def _is_allowed(value: Any, allowed: Collection[Any], disallowed: Collection[Any]) -> bool:
    return value in allowed if allowed else value not in disallowed


def _normalized(host: str) -> str:
    """Return the host as Glance compares it; empty for what it takes for a disguised address."""
    try:
        return str(ip_address(host))
    except ValueError:
        return "" if set(host) <= set("0123456789.") else host
