# SPDX-License-Identifier: Apache-2.0
"""Whether an IP address is one of the public Internet."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

#: All IPv6 addresses that the Internet routes today.
_ROUTED = IPv6Network("2000::/3")

#: Parts of it that end elsewhere: protocols, documentation, and tunnels to IPv4 addresses.
_NOT_ROUTED = tuple(
    map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "3ffe::/16"))
)

#: The prefix by which a network with IPv6 only reaches an IPv4 address.
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Whether everybody on the Internet could connect to the address.

    False for any other text, and for each range that Python does not call global: private,
    loopback, link-local, shared, reserved, documentation. An IPv6 address that has an IPv4
    address in it is what that is.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return _is_public_v4(address)
    if address.scope_id:
        return False
    embedded = _embedded(address)
    if embedded is not None:
        return _is_public_v4(embedded)
    return (
        address in _ROUTED
        and address.is_global
        and not any(address in network for network in _NOT_ROUTED)
    )


def _is_public_v4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped
