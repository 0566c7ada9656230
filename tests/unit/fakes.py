# SPDX-License-Identifier: Apache-2.0
"""Glance and Keystone in memory, at the border that the package's api/ talks across."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
from glanceclient import exc as glance_exc
from keystoneauth1 import exceptions as keystone_exc

from tests import factories

ERROR_PAGE = """<html>
 <head>
  <title>{status} {title}</title>
 </head>
 <body>
  <h1>{status} {title}</h1>
  {reason}<br /><br />


 </body>
</html>"""
TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    410: "Gone",
    413: "Request Entity Too Large",
    415: "Unsupported Media Type",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


def error_response(status: int, reason: str) -> requests.Response:
    """An error as Glance's web framework words it."""
    response = requests.Response()
    response.status_code = status
    response.headers["content-type"] = "text/html; charset=UTF-8"
    page = ERROR_PAGE.format(status=status, title=TITLES[status], reason=html.escape(reason))
    response._content = page.encode()
    return response


def refusal(status: int, reason: str) -> Exception:
    """The exception that glanceclient makes of such an error."""
    response = error_response(status, reason)
    error: Exception = glance_exc.from_response(response, response.content)
    error.response = response  # type: ignore[attr-defined]  # for the upload, which is given it
    return error


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass
class FakeGlance:
    """Images in Glance's JSON; `collate` is how its database compares names, `nulls_last`
    whether it sorts images without a value as PostgreSQL does.

    `failing` maps "METHOD path" to an exception that is raised once it is called.
    """

    images: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: dict[str, dict[str, str]] = field(default_factory=dict)
    tasks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    metadefs: dict[str, dict[str, Any]] = field(default_factory=dict)
    import_methods: list[str] = field(default_factory=lambda: ["glance-direct", "web-download"])
    #: As /v2/info/stores and /v2/info/usage answer; without these nobody asks.
    stores: list[dict[str, str]] | None = None
    usage: dict[str, dict[str, int]] = field(default_factory=dict)
    disk_formats: list[str | None] = field(
        default_factory=lambda: [None, "ami", "ari", "aki", "vmdk", "raw", "qcow2", "iso"]
    )
    containers: list[str | None] = field(
        default_factory=lambda: [None, "ami", "ari", "aki", "bare", "ova"]
    )
    #: Properties that the schema requires, by name: of a new image, and of each value of a
    #: change by itself, as Glance 32 and 33 do.
    required: dict[str, dict[str, Any]] = field(default_factory=dict)
    collate: Callable[[str], Any] = str
    nulls_last: bool = False
    page_limit: int = 1000
    calls: list[Call] = field(default_factory=list)
    failing: dict[str, Exception] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    #: What the connections for downloads were asked, and how many are open.
    opened: list[dict[str, str]] = field(default_factory=list)
    open_downloads: int = 0
    #: Bytes after which a download breaks off.
    breaks_after: int | None = None
    #: Whether a store returns everything instead of a part; and the header of a part, if any.
    ignores_ranges: bool = False
    content_range: str | None = None
    upload_headers: dict[str, str] = field(default_factory=dict)
    hash_algorithm: str = "sha512"
    #: What becomes of uploaded data on its way into the store.
    damage: Callable[[bytes], bytes] = bytes
    #: Staged data, and what an import makes of it: attributes of the image, and its data.
    staged: dict[str, bytes] = field(default_factory=dict)
    convert: Callable[[bytes], tuple[dict[str, Any], bytes]] = lambda data: ({}, data)
    lock: Any = field(default_factory=threading.Lock)

    def add(self, **attributes: Any) -> dict[str, Any]:
        image = factories.glance_image(**attributes)
        self.images[image["id"]] = image
        return image

    def http(self, request: Any) -> FakeHttp:
        return FakeHttp(self, request.user)

    @property
    def writes(self) -> list[Call]:
        return [call for call in self.calls if call.method != "GET"]

    def listed(self) -> list[Call]:
        return [call for call in self.calls if (call.method, call.path) == ("GET", "/v2/images")]


class FakeHttp:
    """The part of glanceclient's HTTP client that the package uses, for one token."""

    endpoint = "http://image.example/"

    def __init__(self, glance: FakeGlance, user: Any):
        self.glance = glance
        self.project = user.project_id
        self.is_admin = "admin" in {role["name"] for role in user.roles}
        self.auth_token = user.token.id
        self.session = SimpleNamespace(put=self._put, get=self._get_data, close=lambda: None)

    def get(self, url: str) -> tuple[Any, Any]:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        query: dict[str, Any] = dict(pairs)
        if "tag" in query:
            query["tag"] = [value for name, value in pairs if name == "tag"]
        self._called("GET", parts.path, query)
        rest = parts.path.removeprefix("/v2/").split("/")
        if rest == ["images"]:
            rows = self._list(query)
            limit = min(int(query["limit"]), self.glance.page_limit)
            more = {"next": "/v2/images?…"} if len(rows) > limit else {}
            return None, {"images": rows[:limit], **more}
        if rest == ["schemas", "image"]:
            enums = {
                "disk_format": {"enum": self.glance.disk_formats},
                "container_format": {"enum": self.glance.containers},
            }
            required = self.glance.required
            return None, {
                "properties": enums | required,
                **({"required": list(required)} if required else {}),
            }
        if rest == ["metadefs", "namespaces"]:
            visibility = query["visibility"]
            found = [
                {"namespace": name, "owner": body.get("owner")}
                for name, body in self.glance.metadefs.items()
                if body.get("visibility", "public") == visibility
            ]
            return None, {"namespaces": found}
        if rest[:2] == ["metadefs", "namespaces"]:
            name = unquote(rest[2])
            if name not in self.glance.metadefs:
                raise refusal(404, f"Metadata definition namespace={name} was not found.")
            return None, {"namespace": name, **self.glance.metadefs[name]}
        if rest == ["info", "import"]:
            return None, {"import-methods": {"value": self.glance.import_methods}}
        if rest == ["info", "stores"] and self.glance.stores is not None:
            return None, {"stores": self.glance.stores}
        if rest == ["info", "usage"]:
            return None, {"usage": self.glance.usage}
        image = self._image(rest[1])
        if rest[2:] == []:
            return None, dict(image)
        if rest[2:] == ["tasks"]:
            return None, {"tasks": self.glance.tasks.get(image["id"], [])}
        members = self.glance.members.get(image["id"], {})
        found = [{"member_id": id_, "status": status} for id_, status in members.items()]
        if rest[2:] == ["members"]:
            return None, {"members": found}
        wanted = unquote(rest[3])
        if rest[2] == "members" and wanted in members:
            return None, {"member_id": wanted, "status": members[wanted]}
        raise refusal(404, "There is nothing here.")

    def post(self, path: str, data: dict[str, Any] | None = None) -> tuple[Any, Any]:
        self._called("POST", path, body=data)
        if path == "/v2/images" and data is not None:
            self._check_required(data)
            size = dict.fromkeys(("size", "virtual_size", "checksum", "os_hash_value", "stores"))
            return None, self.glance.add(
                **{**size, "owner": self.project, "status": "queued"} | data
            )
        rest = path.split("/")[3:]
        if path.startswith("/v2/metadefs/") and data is not None:
            return self._define(rest[1:], data)
        image = self._image(rest[0])
        if rest[1:2] == ["members"] and data is not None:
            members = self.glance.members.setdefault(image["id"], {})
            if data["member"] in members:
                raise refusal(409, f"Target member {data['member']} is already associated.")
            members[data["member"]] = "pending"
            return None, {"member_id": data["member"], "status": "pending"}
        if rest[1:2] == ["locations"] and data is not None:
            image["locations"] = [{"url": data["url"], "metadata": {}}]
            image["status"] = "active"
        if rest[1:2] == ["import"] and data and data["method"]["name"] == "glance-direct":
            self._import(self._writable(path))
        if rest[1:2] == ["actions"]:
            image = self._writable(path)
            if data is not None:
                raise refusal(400, "A body is not expected with this request.")
            image["status"] = {"deactivate": "deactivated", "reactivate": "active"}[rest[2]]
        return None, None

    def put(self, path: str, data: dict[str, Any]) -> tuple[Any, Any]:
        """The answer of a member, or a property's definition."""
        self._called("PUT", path, body=data)
        rest = path.split("/")[3:]
        if path.startswith("/v2/metadefs/"):
            definitions = self.glance.metadefs.get(unquote(rest[1]), {}).get("properties", {})
            if rest[3] not in definitions:
                raise refusal(404, f"Metadata definition property {rest[3]} was not found.")
            return self._define(rest[1:], data)
        members = self.glance.members.get(self._image(rest[0])["id"], {})
        if rest[2] not in members:
            raise refusal(404, f"{rest[2]} not found in the member list of the image {rest[0]}.")
        members[rest[2]] = data["status"]
        return None, {"member_id": rest[2], "status": data["status"]}

    def _define(self, rest: list[str], data: dict[str, Any]) -> tuple[Any, Any]:
        """A namespace, or a property of one."""
        if not self.is_admin:
            raise refusal(403, "You are not authorized to complete this action.")
        if rest:
            namespace = self.glance.metadefs[unquote(rest[0])]
            namespace.setdefault("properties", {})[data["name"]] = data
        elif data["namespace"] in self.glance.metadefs:
            raise refusal(409, "The metadata definition namespace already exists.")
        else:
            self.glance.metadefs[data["namespace"]] = {"owner": self.project, **data}
        return None, data

    def patch(self, path: str, headers: dict[str, str], data: str) -> tuple[Any, Any]:
        operations = json.loads(data)
        self._called("PATCH", path, body=operations)
        assert headers["Content-Type"] == "application/openstack-images-v2.1-json-patch"
        image = self._writable(path)
        for operation in operations:
            if operation["op"] != "remove":
                self._check_required([operation["path"].split("/")[1]])
        for operation in operations:
            path = operation["path"].removeprefix("/")
            # Glance removes the blanks around a name.
            name = path.replace("~1", "/").replace("~0", "~").strip()
            if operation["op"] == "remove":
                if name not in image:
                    raise refusal(409, f"Property {name} does not exist.")
                del image[name]
            elif name == "locations/-":
                image.setdefault("locations", []).append(operation["value"])
                image["status"] = "active"
            else:
                image[name] = operation["value"]
        return None, dict(image)

    def _check_required(self, names: Collection[str]) -> None:
        for name in self.glance.required:
            if name not in names:
                schema = "Provided object does not match schema 'image'"
                raise refusal(400, f"{schema}: {name!r} is a required property")

    def delete(self, path: str) -> tuple[Any, Any]:
        self._called("DELETE", path)
        if path.startswith("/v2/stores/"):
            return self._delete_from_store(*path.split("/")[3:])
        image = self._writable(path)
        if "/members/" in path:
            del self.glance.members[image["id"]][path.split("/")[5]]
            return None, None
        if image["protected"]:
            reason = f"Image {image['id']} is protected and cannot be deleted."
            raise refusal(403, reason)
        del self.glance.images[image["id"]]
        return None, None

    def _delete_from_store(self, store: str, image_id: str) -> tuple[Any, Any]:
        image = self._writable(f"/v2/images/{image_id}")
        left = [each for each in image["stores"].split(",") if each != unquote(store)]
        if not left:
            raise refusal(403, "Cannot delete image data from the only store containing it.")
        image["stores"] = ",".join(left)
        return None, None

    def _put(self, url: str, data: Any, headers: dict[str, str], timeout: Any) -> Any:
        path = urlsplit(url).path
        try:
            self._called("PUT", path)
        except glance_exc.HTTPException as error:
            return error.response
        try:
            # The HTTP library reports an error in reading the body as its own.
            received = b"".join(data)
        except Exception as error:
            raise requests.ConnectionError("broken") from error
        image = self._writable(path)
        if path.endswith("/stage"):
            image.update(status="uploading", size=len(received))
            self.glance.staged[image["id"]] = received
        else:
            self._store(image, self.glance.damage(received))
        self.glance.upload_headers = dict(headers)
        response = requests.Response()
        response.status_code = 204
        return response

    def _store(self, image: dict[str, Any], data: bytes) -> None:
        algorithm = self.glance.hash_algorithm
        image.update(
            status="active",
            size=len(data),
            checksum=hashlib.md5(data, usedforsecurity=False).hexdigest(),
            os_hash_algo=algorithm,
            os_hash_value=hashlib.new(algorithm, data).hexdigest(),
        )
        self.glance.uploads[image["id"]] = data

    def _import(self, image: dict[str, Any]) -> None:
        """An import of staged data, which is over at once."""
        if image["status"] != "uploading":
            raise refusal(409, "Image needs to be staged before 'glance-direct' method can be used")
        attributes, data = self.glance.convert(self.glance.staged.pop(image["id"], b""))
        image.update(attributes)
        self._store(image, data)

    def _get_data(
        self, url: str, headers: dict[str, str], stream: bool, timeout: Any
    ) -> requests.Response:
        path = urlsplit(url).path
        try:
            self._called("GET", path)
            image = self._image(path.split("/")[3])
        except glance_exc.HTTPException as error:
            found: requests.Response = error.response
            return found
        data = self.glance.uploads.get(image["id"], b"")
        self.glance.opened.append(dict(headers))
        response = requests.Response()
        response.status_code = 200
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", headers.get("Range", ""))
        if asked and not self.glance.ignores_ranges:
            data = data[int(asked[1]) : int(asked[2]) + 1 if asked[2] else None]
            response.status_code = 206
        if self.glance.content_range:
            response.headers["Content-Range"] = self.glance.content_range
        response.headers["Content-Length"] = str(len(data))
        response.raw = _Raw(self.glance, data[: self.glance.breaks_after])
        return response

    def _called(
        self, method: str, path: str, query: dict[str, str] | None = None, body: Any = None
    ) -> None:
        with self.glance.lock:
            self.glance.calls.append(Call(method, path, query or {}, body))
        error = self.glance.failing.get(f"{method} {path}")
        if error:
            raise error

    def _sees(self, image: dict[str, Any]) -> bool:
        if self.is_admin or image["owner"] == self.project:
            return True
        shared = self.project in self.glance.members.get(image["id"], {})
        return image["visibility"] in ("public", "community") or (
            image["visibility"] == "shared" and shared
        )

    def _image(self, image_id: str) -> dict[str, Any]:
        image = self.glance.images.get(image_id)
        if image is None or not self._sees(image):
            raise refusal(404, f"No image found with ID {image_id}")
        return image

    def _writable(self, path: str) -> dict[str, Any]:
        image = self._image(path.split("/")[3])
        if not self.is_admin and image["owner"] != self.project:
            raise refusal(403, "Forbidden image")
        return image

    def _listable(self, image: dict[str, Any], query: dict[str, str]) -> bool:
        """Glance's rules for lists, which show less than a look at one image does."""
        wanted = query.get("visibility")
        hidden = query.get("os_hidden") == "true"
        if image["os_hidden"] != hidden or not self._sees(image):
            return False
        if wanted is None:
            mine = query.get("owner") == image["owner"] or (
                not self.is_admin and image["owner"] == self.project
            )
            return bool(image["visibility"] != "community" or mine)
        return wanted in ("all", image["visibility"])

    def _list(self, query: dict[str, str]) -> list[dict[str, Any]]:
        keys = [part.split(":") for part in query["sort"].split(",")]
        rows = [i for i in self.glance.images.values() if self._listable(i, query)]
        for name, value in query.items():
            if name == "tag":
                rows = [row for row in rows if set(value) <= set(row["tags"])]
            elif name == "size_min":
                rows = [row for row in rows if row["size"] is not None]
            elif name == "name" and value.startswith("eq:"):
                wanted = self.glance.collate(value.removeprefix("eq:"))
                named = [row for row in rows if row["name"] is not None]
                rows = [row for row in named if self.glance.collate(row["name"]) == wanted]
            elif name == "updated_at":
                since = value.removeprefix("gte:")
                rows = [row for row in rows if row["updated_at"] >= since]
            elif name not in ("sort", "limit", "marker", "visibility", "os_hidden"):
                rows = [row for row in rows if _matches(row.get(name), value)]
        for key, direction in reversed(keys):
            rows.sort(key=lambda row, key=key: self._sorted(row, key), reverse=direction == "desc")
        if "marker" in query:
            # Any image that the token may see: it need not pass the filters.
            try:
                marker = self._image(query["marker"])
            except glance_exc.HTTPNotFound as error:
                raise refusal(400, f"Image {query['marker']} could not be found.") from error
            rows = [row for row in rows if self._follows(row, marker, keys)]
        return [dict(row) for row in rows]

    def _sorted(self, image: dict[str, Any], key: str) -> Any:
        """What databases sort by: for SQLite and MariaDB, no value comes before all others."""
        value = image.get(key)
        if value is None:
            return (2 if self.glance.nulls_last else 0,)
        return (1, self.glance.collate(value) if key == "name" else value)

    def _follows(self, row: dict[str, Any], marker: dict[str, Any], keys: list[list[str]]) -> bool:
        """What Glance compares with a marker: no text is an empty one, and a size is less
        than an empty text.
        """
        for key, direction in keys:
            own, others = row.get(key), marker.get(key)
            if key == "size" and others is None:
                return direction == "desc"
            if key == "size":
                pair = own or 0, others
            elif key == "name":
                pair = self.glance.collate(own or ""), self.glance.collate(others or "")
            else:
                pair = own or "", others or ""
            if pair[0] != pair[1]:
                return bool(pair[0] < pair[1] if direction == "desc" else pair[0] > pair[1])
        return False


class _Raw(io.BytesIO):
    """The connection of a download; Glance counts those that are open."""

    def __init__(self, glance: FakeGlance, data: bytes):
        super().__init__(data)
        self.glance = glance
        glance.open_downloads += 1

    def close(self) -> None:
        if not self.closed:
            self.glance.open_downloads -= 1
        super().close()

    def release_conn(self) -> None:
        self.close()


def _matches(value: Any, asked: str) -> bool:
    operator, colon, operand = asked.partition(":")
    if colon and operator == "eq":
        return bool(value == operand)
    if colon and operator == "in":
        return value in next(csv.reader([operand]))
    return bool(value == asked)


@dataclass
class FakeKeystone:
    """Who owns what, and who is admin of what.

    `admins` are pairs of a user's ID and the ID of a domain, or of a project.
    """

    projects: dict[str, tuple[str, str]] = field(default_factory=lambda: dict(factories.PROJECTS))
    domains: dict[str, str] = field(default_factory=lambda: dict(factories.DOMAINS))
    admins: set[tuple[str, str]] = field(default_factory=set)
    disabled: set[str] = field(default_factory=set)
    #: Users that were deleted.
    gone: set[str] = field(default_factory=set)
    calls: list[tuple[str, Any]] = field(default_factory=list)
    failing: Exception | None = None
    #: Keystone's option of this name.
    max_db_limit: int = 1000
    #: Whether it knows the parameter `marker`; until 2024 it did not.
    has_pages: bool = True

    def client(self, _request: Any) -> SimpleNamespace:
        return SimpleNamespace(
            projects=SimpleNamespace(client=SimpleNamespace(get=self._list), get=self._project_get),
            role_assignments=SimpleNamespace(list=self._assignment_list),
            users=SimpleNamespace(get=self._user_get),
        )

    def _called(self, *call: Any) -> None:
        self.calls.append(call)
        if self.failing:
            raise self.failing

    def _list(self, address: str) -> tuple[None, dict[str, Any]]:
        """A page of entries by ID, as Keystone's `limit` and `marker` ask for it."""
        path, _mark, parameters = address.partition("?")
        query = dict(parse_qsl(parameters))
        collection = path.strip("/")
        domain, name = query.get("domain_id"), query.get("name")
        self._called(collection, domain)
        if collection == "domains":
            entries = [
                {"id": id_, "name": name, "enabled": id_ not in self.disabled}
                for id_, name in self.domains.items()
            ]
        else:
            entries = [
                vars(self._project(id_))
                for id_, what in self.projects.items()
                if domain in (None, what[1]) and name in (None, what[0])
            ]
        entries.sort(key=lambda entry: str(entry["id"]))
        if self.has_pages:
            entries = [entry for entry in entries if entry["id"] > query.get("marker", "")]
        limit = min(int(query.get("limit", self.max_db_limit)), self.max_db_limit)
        body: dict[str, Any] = {collection: entries[:limit]}
        if "limit" in query and len(entries) >= limit:
            body["truncated"] = True
        return None, body

    def _project_get(self, project_id: str) -> Any:
        self._called("project", project_id)
        if project_id not in self.projects:
            raise keystone_exc.NotFound()
        return self._project(project_id)

    def _assignment_list(self, user: str, **_kwargs: Any) -> list[Any]:
        self._called("assignments", user)
        return [
            SimpleNamespace(role={"name": "reader"}, scope=self._scope(factories.OTHER_DOMAIN)),
            SimpleNamespace(role={"name": "admin"}, scope={"system": {"all": True}}),
            *(
                SimpleNamespace(role={"name": "admin"}, scope=self._scope(target))
                for who, target in self.admins
                if who == user
            ),
        ]

    def _user_get(self, user_id: str) -> Any:
        self._called("user", user_id)
        if user_id in self.gone:
            raise keystone_exc.NotFound()
        return SimpleNamespace(id=user_id, enabled=user_id not in self.disabled)

    def _scope(self, target: str) -> dict[str, Any]:
        if target in self.projects:
            return {"project": {"id": target, "domain": {"id": self.projects[target][1]}}}
        return {"domain": {"id": target}}

    def _project(self, id_: str) -> SimpleNamespace:
        name, domain_id = self.projects[id_]
        enabled = id_ not in self.disabled
        return SimpleNamespace(id=id_, name=name, domain_id=domain_id, enabled=enabled)
