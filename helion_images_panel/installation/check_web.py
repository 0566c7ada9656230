# SPDX-License-Identifier: Apache-2.0
"""Checks of the web server, by requests to the dashboard's public address."""

from __future__ import annotations

from collections.abc import Iterator

from helion_images_panel.core import probe
from helion_images_panel.installation.finding import NOT_CHECKED, OK, PROBLEM, Finding
from helion_images_panel.installation.public_address import (
    PublicAddress,
    Response,
    Unreachable,
)

#: Seconds for which the body stops after its first part. A body that arrives in one piece is
#: sent once more with the longer pause: the dashboard may have begun to read too late.
PAUSES_S = (1.0, 4.0)

#: Seconds in which a web server refuses a size.
REFUSES_WITHIN_S = 5.0

#: Seconds after which the dashboard has given up a body that arrives slowly.
SLOW_S = 45.0

_LIMIT_STEP = (
    "Remove the limit, for example by “client_max_body_size 0;” in nginx or “LimitRequestBody 0” "
    "in Apache."
)


def check(address: PublicAddress | None, largest_gib: int) -> Iterator[Finding]:
    """:param largest_gib: size of the largest image that is to be uploaded"""
    if address is None:
        yield Finding(
            "web-server",
            NOT_CHECKED,
            "The web server was not checked for upload limits and buffering.",
            "Repeat the check with --url and the dashboard's public address.",
        )
        return
    try:
        yield from _body(address, largest_gib)
    except Unreachable as error:
        yield Finding(
            "web-address",
            PROBLEM,
            f"A request to {address} failed: {error}",
            "Check the address, its certificate and the log of the web server; or run the check on "
            "a host that reaches it.",
        )


def _body(address: PublicAddress, largest_gib: int) -> Iterator[Finding]:
    response = address.send_body(PAUSES_S[0])
    if response.status == 413:
        yield _limit(f"{probe.BODY_BYTES // 1024**2} MiB")
        return
    if not response.is_of_probe or response.status != 200:
        yield _unexpected(address, response)
        return
    served = str(response.values.get("version", ""))
    if served != probe.version():
        yield Finding(
            "web-version",
            PROBLEM,
            f"The web server runs version {served} of the panels. The installed version is "
            f"{probe.version()}.",
            "Restart the web server, on each host of the dashboard.",
        )
    if response.seconds < PAUSES_S[0] / 2:
        response = address.send_body(PAUSES_S[1])
        if response.status != 200:
            yield _unexpected(address, response)
            return
    if response.read_bytes != probe.BODY_BYTES and response.seconds > SLOW_S:
        yield Finding(
            "web-body",
            NOT_CHECKED,
            f"A body of {probe.BODY_BYTES // 1024**2} MiB did not arrive within a minute.",
            "Repeat the check on a host with a faster way to the dashboard.",
        )
        return
    if response.read_bytes != probe.BODY_BYTES:
        yield Finding(
            "web-body",
            PROBLEM,
            f"The dashboard received {response.read_bytes} of {probe.BODY_BYTES} bytes.",
            "Look for an error in the log of the web server.",
        )
        return
    if response.seconds < PAUSES_S[0] / 2:
        yield Finding(
            "web-buffering",
            PROBLEM,
            "The web server collects the whole body before it passes it on: it writes each upload "
            "to its own disk, and the progress that users see is wrong.",
            "Turn it off, for example by “proxy_request_buffering off;” in nginx.",
        )
    else:
        yield Finding("web-buffering", OK, "The web server passes a body on while it arrives.")
    yield _size(address, largest_gib)


def _size(address: PublicAddress, largest_gib: int) -> Finding:
    size_bytes = largest_gib * 1024**3
    try:
        response = address.declare_size(size_bytes, REFUSES_WITHIN_S)
    except Unreachable as error:
        text = f"The web server ends a request with a body of {largest_gib} GiB: {error}"
        return Finding("web-limit", PROBLEM, text, _LIMIT_STEP)
    # With 502 or 504 it has passed the request on: the dashboard responds before it has read
    # the body.
    if response is None or response.declared_bytes == size_bytes or response.status in (502, 504):
        text = f"The web server does not refuse the size of {largest_gib} GiB."
        return Finding("web-limit", OK, text)
    if response.status == 413:
        return _limit(f"{largest_gib} GiB")
    return Finding(
        "web-limit",
        PROBLEM,
        f"The response to a body of {largest_gib} GiB has the status {response.status} and is not "
        "the dashboard's: uploads of this size may end like that.",
        "Look for the cause in the log of the web server, or of what stands before it.",
    )


def _limit(size: str) -> Finding:
    text = f"The web server refuses a body of {size} (413): larger uploads fail."
    return Finding("web-limit", PROBLEM, text, _LIMIT_STEP)


def _unexpected(address: PublicAddress, response: Response) -> Finding:
    if response.is_of_probe and response.status == 403:
        return Finding(
            "web-secret-key",
            PROBLEM,
            f"The dashboard at {address} has another SECRET_KEY than the settings of this host, or "
            "its clock differs by minutes.",
            "Run the check on a host of that dashboard, as a user who may read its settings; and "
            "give all hosts one SECRET_KEY.",
        )
    if response.is_of_probe and response.status == 429:
        text = "The web server was not checked, since another check is in progress."
        return Finding("web-server", NOT_CHECKED, text, "Repeat the check in a minute.")
    if response.is_of_probe and response.status == 411:
        return Finding(
            "web-length",
            PROBLEM,
            "The web server passes a body on without its length, which uploads need.",
            "Let it pass on the header Content-Length, and not send the body in chunks.",
        )
    if response.is_of_probe and response.status == 400:
        return Finding(
            "web-body",
            PROBLEM,
            "The body stopped on its way to the dashboard.",
            "Look for an error in the log of the web server, and repeat the check.",
        )
    if "/auth/login" in response.location or response.status in (404, 405):
        return Finding(
            "web-panel",
            PROBLEM,
            f"The dashboard at {address} does not have this version of the panels (status "
            f"{response.status}).",
            "Restart the web server. If it was restarted, check that the address is complete, "
            "with its path, and leads to this Horizon.",
        )
    if response.location:
        return Finding(
            "web-address",
            PROBLEM,
            f"{address} leads to another address: {response.location}",
            "Repeat the check with --url and the address that browsers show in the end.",
        )
    return Finding(
        "web-body",
        PROBLEM,
        f"The response to a body of {probe.BODY_BYTES // 1024**2} MiB has the status "
        f"{response.status} and is not the dashboard's: uploads may end like that.",
        "Look for the cause in the logs of the web server and of Horizon. A status 400 can be an "
        "address that ALLOWED_HOSTS lacks.",
    )
