# SPDX-License-Identifier: Apache-2.0
"""Builders of what the tests are about: images, projects, people, requests."""

from __future__ import annotations

import datetime
import itertools
import uuid
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django.contrib.auth import models as auth_models
from openstack_auth.user import User

from helion_images_panel.core import deletion, end_dates
from helion_images_panel.core.image import Image
from helion_images_panel.core.uses import Use, Uses

#: A cloud of two customers' domains, and the domain of those who run it.
CLOUD_DOMAIN, DOMAIN, OTHER_DOMAIN = "default", "domain-acme", "domain-globex"

PROJECT = "11111111111111111111111111111111"
SIBLING = "22222222222222222222222222222222"
FOREIGN = "33333333333333333333333333333333"
CLOUD_PROJECT = "44444444444444444444444444444444"

PROJECTS = {
    PROJECT: ("web", DOMAIN),
    SIBLING: ("shop", DOMAIN),
    FOREIGN: ("lab", OTHER_DOMAIN),
    CLOUD_PROJECT: ("operations", CLOUD_DOMAIN),
}
DOMAINS = {CLOUD_DOMAIN: "Default", DOMAIN: "Acme", OTHER_DOMAIN: "Globex"}

#: Names that would do harm wherever they are not treated as text.
HOSTILE_NAMES = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{$ constructor.constructor('alert(1)')() $}",
    "{{ 7 * 7 }}",
    "%(name)s %s",
    "javascript:alert(1)",
)

_numbers = itertools.count(1)


def image_id(number: int | None = None) -> str:
    """A valid image ID; the same number gives the same one, in order of the numbers."""
    return str(uuid.UUID(int=next(_numbers) if number is None else number))


def glance_image(**attributes: Any) -> dict[str, Any]:
    """An image as Glance's API gives it; keyword arguments are its JSON."""
    return {
        "id": image_id(),
        "name": "cirros",
        "status": "active",
        "visibility": "private",
        "protected": False,
        "os_hidden": False,
        "owner": PROJECT,
        "disk_format": "qcow2",
        "container_format": "bare",
        "size": 21430272,
        "virtual_size": 117440512,
        "min_disk": 0,
        "min_ram": 0,
        "checksum": "0" * 32,
        "os_hash_algo": "sha512",
        "os_hash_value": "a" * 128,
        "created_at": "2026-11-01T08:00:00Z",
        "updated_at": "2026-11-02T09:30:00Z",
        "tags": [],
        # Only an image that was refused for its content is queued and in a store.
        **({} if attributes.get("status") == "queued" else {"stores": "fast"}),
        **attributes,
    }


def ago(**age: float) -> str:
    """That time before now, as Glance writes it: `hours=1`."""
    then = datetime.datetime.now(datetime.UTC) - datetime.timedelta(**age)
    return then.strftime("%Y-%m-%dT%H:%M:%SZ")


def deleted(visibility: str = "private", days: int = 30, **attributes: Any) -> dict[str, Any]:
    """The attributes of an image that is deleted and can be restored.

    :param visibility: that of before
    :param days: from now on
    """
    before = image(**{"id": image_id(), "visibility": visibility, **attributes})
    now = datetime.datetime.now(datetime.UTC)
    recorded = deletion.Deletion.of(before, "alice", now, days)
    return {
        "id": before.id,
        **attributes,
        "status": "deactivated",
        "visibility": "private",
        "os_hidden": True,
        **deletion.deletion_property(before.id, recorded),
    }


def dated(
    deprecated: int | None = None,
    obsolete: int | None = None,
    gone: int | None = None,
    unprotected: int | None = None,
    replacement: str = "",
    done: str = "",
    **attributes: Any,
) -> dict[str, Any]:
    """The attributes of an image with end dates, each in days from today."""
    before = image(**{"id": image_id(), **attributes})
    today = datetime.datetime.now(datetime.UTC).date()
    days = [
        None if each is None else today + datetime.timedelta(days=each)
        for each in (deprecated, obsolete, gone, unprotected)
    ]
    dates = end_dates.EndDates(*days, replacement, done)
    return {"id": before.id, **attributes, **end_dates.record(before, dates)}


def image(**attributes: Any) -> Image:
    """An image as this plugin sees it; keyword arguments are Glance's JSON."""
    return Image.from_glance(glance_image(**attributes))


def uses(*project_ids: str, limit: int = 100, names: str = "use") -> Uses:
    """What a service returns of instances or volumes in these projects, up to the limit."""
    items = [
        Use(str(uuid.UUID(int=number)), f"{names} {number}", project_id)
        for number, project_id in enumerate(project_ids[:limit], 1)
    ]
    return Uses(tuple(items), is_complete=len(project_ids) < limit)


def catalog(services: Iterable[str] = ("image", "identity", "compute", "volumev3")) -> list[Any]:
    return [
        {
            "type": service,
            "name": service,
            "endpoints": [
                {
                    "interface": interface,
                    "region": "one",
                    "region_id": "one",
                    "url": f"http://{service}.example",
                }
                for interface in ("public", "internal", "admin")
            ],
        }
        for service in services
    ]


def user(
    roles: Iterable[str],
    project_id: str = PROJECT,
    *,
    domain_id: str | None = None,
    services: Iterable[str] = ("image", "identity", "compute", "volumev3"),
    system_scoped: bool = False,
) -> User:
    """Somebody who is logged in to a project; the domain is that of the project."""
    name, home = PROJECTS[project_id]
    domain = domain_id or home
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=8)
    token = SimpleNamespace(
        id="token-of-the-test",
        expires=later,
        project={"id": project_id, "name": name, "domain_id": home},
        roles=[{"name": role} for role in roles],
        unscoped_token="unscoped",
        serviceCatalog=catalog(services),
    )
    return User(
        id=uuid.uuid5(uuid.NAMESPACE_OID, f"{sorted(roles)} {project_id} {domain}").hex,
        token=token,
        user="kim",
        user_domain_id=domain,
        user_domain_name=DOMAINS[domain],
        project_id=project_id,
        project_name=name,
        roles=[{"name": role} for role in roles],
        service_catalog=token.serviceCatalog,
        services_region="one",
        endpoint="http://identity.example/v3",
        enabled=True,
        authorized_tenants=[],
        system_scoped=system_scoped,
    )


READER = ("reader",)
MEMBER = ("member", "reader")
ADMIN = ("admin", "manager", "member", "reader")


def anonymous(**_kwargs: Any) -> auth_models.AnonymousUser:
    return auth_models.AnonymousUser()


def reader(**kwargs: Any) -> User:
    return user(READER, **kwargs)


def member(**kwargs: Any) -> User:
    return user(MEMBER, **kwargs)


def member_elsewhere(**kwargs: Any) -> User:
    """A member of another project of the same domain."""
    return user(MEMBER, SIBLING, **kwargs)


def domain_admin(**kwargs: Any) -> User:
    """An admin of the domain, whose active project is not the images' own."""
    return user(ADMIN, SIBLING, **kwargs)


def other_domain_admin(**kwargs: Any) -> User:
    return user(ADMIN, FOREIGN, **kwargs)


def cloud_admin(**kwargs: Any) -> User:
    return user(ADMIN, CLOUD_PROJECT, **kwargs)


#: Everybody a page may meet, by the name that the permission tables use.
PEOPLE = {
    "anonymous": anonymous,
    "reader": reader,
    "member": member,
    "member_elsewhere": member_elsewhere,
    "domain_admin": domain_admin,
    "other_domain_admin": other_domain_admin,
    "cloud_admin": cloud_admin,
}


def request(person: Any = None, **session: Any) -> SimpleNamespace:
    """What the layers below the views need of a request."""
    return SimpleNamespace(
        user=person or member(),
        session=session,
        GET={},
        POST={},
        META={},
        COOKIES={},
        horizon={"async_messages": []},
    )
