# SPDX-License-Identifier: Apache-2.0
"""Who lives in the demo cloud: the domains, projects and users, and their limits."""

import hashlib
from dataclasses import dataclass

PASSWORD = "secret"
DEFAULT_DOMAIN = "Default"
REGION = "RegionOne"

DOMAINS = ("acme", "globex")
"""The domains beside Default, which Keystone brings itself."""

PROJECTS = {
    "admin": DEFAULT_DOMAIN,
    "demo": DEFAULT_DOMAIN,
    "service": DEFAULT_DOMAIN,
    "acme-web": "acme",
    "acme-data": "acme",
    "acme-lab": "acme",
    "globex-research": "globex",
    "globex-ops": "globex",
}
"""Project name to domain name. No name is used twice."""


@dataclass(frozen=True)
class User:
    """A person who can log in.

    ``project`` is where they land, holding ``role``; ``domain_role`` is held on
    their domain as a whole, ``system_role`` on the whole cloud, and ``also`` are
    further projects with a role there.
    """

    name: str
    domain: str
    project: str
    role: str
    domain_role: str | None = None
    system_role: str | None = None
    password: str = PASSWORD
    who: str = ""
    also: tuple[tuple[str, str], ...] = ()


PEOPLE = (
    User("admin", DEFAULT_DOMAIN, "admin", "admin", who="cloud admin"),
    User("demo", DEFAULT_DOMAIN, "demo", "member", who="project member"),
    User("reader", DEFAULT_DOMAIN, "demo", "reader", who="looks, never changes"),
    User("acme-admin", "acme", "acme-web", "admin", "admin", who="admin of a domain"),
    User("alice", "acme", "acme-web", "member", who="project member"),
    User("bob", "acme", "acme-data", "member", who="project member"),
    User("carol", "acme", "acme-lab", "member", who="project member, with little room"),
    User(
        "mona",
        "acme",
        "acme-data",
        "manager",
        "manager",
        who="manager of a domain, no admin",
        also=(("acme-lab", "manager"),),
    ),
    User("gina", "globex", "globex-research", "member", who="project member, other domain"),
)

GLANCE = User("glance", DEFAULT_DOMAIN, "service", "service", system_role="reader")
"""The account with which Glance checks tokens and looks up limits."""

USERS = {user.name: user for user in (*PEOPLE, GLANCE)}


def fingerprint() -> str:
    """Stands for the accounts: another one when somebody is added or gets another role."""
    return hashlib.sha256(repr((DOMAINS, PROJECTS, USERS)).encode()).hexdigest()[:12]


LIMITS = {
    "image_size_total": 50 * 1024,
    "image_stage_total": 20 * 1024,
    "image_count_total": 500,
    "image_count_uploading": 50,
}
"""What a project may have of images: MiB of data, MiB in staging, and numbers."""

PROJECT_LIMITS = {"acme-lab": {"image_size_total": 64, "image_count_total": 10}}
"""Where that is different, by project name."""
