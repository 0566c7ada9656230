# SPDX-License-Identifier: Apache-2.0
"""Who may do what to which image: the table of standings, and what each of them gives.

TABLE says what a role is to an image, by the panel and the image's relation to
the role's project. RIGHTS says what that lets it do, NEEDS of which right each
attempt is, and `possible` in which states of the image it can succeed.
"""

from __future__ import annotations

from dataclasses import dataclass

from helion_images_panel.core.family import LATEST
from tests.integration.declared import ACTIONS
from tests.integration.operations import (
    ABSENT,
    ATTEMPTS,
    DONE,
    FORBIDDEN,
    IMPOSSIBLE,
    LOGIN,
    SHOWN,
    UNCHANGED,
)
from tests.integration.relations import RELATIONS, Relation


@dataclass(frozen=True)
class Role:
    """A person with that role; the project that they work in, and what stands around it."""

    user: str
    own: str
    other: str
    foreign: str
    #: Another project in which they have a role.
    second: str = ""

    def owner(self, whose: str) -> str:
        """:param whose: one of the names of projects above"""
        return str(getattr(self, whose))


ROLES = {
    "reader": Role("reader", "demo", "admin", "acme-web"),
    "member": Role("alice", "acme-web", "acme-data", "globex-ops"),
    "manager": Role("mona", "acme-data", "acme-web", "globex-ops", "acme-lab"),
    "domain-admin": Role("acme-admin", "acme-web", "acme-data", "globex-ops"),
    "cloud-admin": Role("admin", "admin", "demo", "globex-ops"),
    "nobody": Role("anonymous", "acme-web", "acme-data", "globex-ops"),
}


TABLE = """
panel    relation          reader   member   manager  domain-admin  cloud-admin  nobody

project  own               reads    owns     owns     admins        admins       login
project  own-shared        reads    owns     owns     admins        admins       -
project  own-domain        -        owns     -        admins        -            -
project  own-public        -        owns     -        admins        -            -
project  own-community     reads    owns     owns     admins        admins       -
project  own-protected     reads    owns     owns     admins        admins       -
project  own-hidden        reads    owns     owns     admins        admins       -
project  own-deactivated   reads    owns     owns     admins        admins       -
project  own-queued        reads    owns     owns     admins        admins       login
project  own-version       reads    owns     owns     admins        admins       login
project  own-former        reads    owns     owns     admins        admins       -
project  own-latest        reads    owns     owns     admins        admins       login
project  own-plain         reads    owns     owns     admins        admins       -
project  own-deleted       reads    owns     owns     admins        admins       login
project  second            -        -        misses   -             -            -
project  other             cannot   misses   misses   misses        misses       login
project  other-queued      -        misses   misses   misses        misses       -
project  other-version     -        misses   misses   misses        misses       -
project  other-deleted     cannot   misses   misses   misses        misses       login
project  foreign           cannot   misses   misses   misses        misses       login
project  foreign-queued    -        misses   -        misses        misses       -
project  foreign-version   -        misses   misses   misses        misses       -
project  foreign-deleted   -        misses   misses   misses        misses       -
project  pending           looks    answers  answers  answers       answers      login
project  accepted          looks    answers  answers  answers       answers      -
project  rejected          looks    answers  answers  answers       answers      -
project  public            looks    sees     sees     sees          sees         login
project  community         looks    sees     sees     sees          sees         -

admin    own               barred   barred   barred   admins        admins       login
admin    own-shared        -        -        -        admins        admins       -
admin    own-domain        -        -        -        admins        -            -
admin    own-public        -        -        -        admins        -            -
admin    own-community     -        -        -        admins        admins       -
admin    own-protected     -        -        -        admins        admins       -
admin    own-hidden        -        -        -        admins        admins       -
admin    own-deactivated   -        -        -        admins        admins       -
admin    own-queued        barred   barred   barred   admins        admins       login
admin    own-version       barred   barred   barred   admins        admins       login
admin    own-former        -        -        -        admins        admins       -
admin    own-latest        -        barred   -        admins        admins       -
admin    own-plain         -        -        -        admins        admins       -
admin    own-deleted       barred   barred   barred   admins        admins       login
admin    other             barred   barred   barred   admins        admins       login
admin    other-queued      -        -        -        admins        admins       -
admin    other-version     -        barred   -        admins        admins       -
admin    other-deleted     -        barred   -        admins        admins       -
admin    foreign           barred   barred   barred   misses        admins       login
admin    foreign-queued    -        -        -        misses        admins       -
admin    foreign-version   -        -        -        misses        admins       -
admin    foreign-deleted   -        -        -        misses        admins       -
admin    pending           -        barred   -        misses        admins       -
admin    accepted          -        barred   -        misses        admins       -
admin    rejected          -        -        -        misses        admins       -
admin    public            barred   barred   barred   misses        admins       login
admin    community         -        -        -        misses        admins       -

domain   own               barred   barred   runs     barred        barred       login
domain   own-shared        -        -        runs     -             -            -
domain   own-domain        -        -        runs     -             -            -
domain   own-public        -        -        runs     -             -            -
domain   own-community     -        -        runs     -             -            -
domain   own-protected     -        -        runs     -             -            -
domain   own-hidden        -        -        runs     -             -            -
domain   own-deactivated   -        -        runs     -             -            -
domain   own-queued        -        barred   runs     barred        barred       -
domain   own-version       -        barred   runs     barred        barred       login
domain   own-former        -        -        runs     -             -            -
domain   own-latest        -        barred   runs     -             -            -
domain   own-plain         -        -        runs     -             -            -
domain   own-deleted       -        barred   runs     barred        barred       login
domain   second            -        -        runs     -             -            -
domain   other             -        barred   misses   barred        barred       login
domain   other-queued      -        -        misses   -             -            -
domain   foreign           -        barred   misses   barred        barred       login
domain   other-version     -        -        misses   -             -            -
domain   other-deleted     -        -        misses   -             -            -
domain   foreign-deleted   -        -        misses   -             -            -
domain   pending           -        -        misses   -             -            -
domain   accepted          -        -        misses   -             -            -
domain   rejected          -        -        misses   -             -            -
domain   public            -        barred   misses   barred        barred       -
domain   community         -        -        misses   -             -            -
"""
"""A dash where another line of the role says as much."""

#: The rights that a standing gives; all others are refused. To "work" with what
#: they see is what readers may not.
RIGHTS = {
    "looks": {"see"},
    "reads": {"see", "know", "members"},
    "sees": {"see", "work", "answer"},
    "answers": {"see", "work", "answer"},
    "owns": {"see", "work", "know", "members", "change", "answer"},
    "runs": {"see", "work", "know", "members", "change", "answer", "domain"},
    "admins": {"see", "work", "know", "members", "change", "answer", "domain", "admin"},
}

#: What comes of every attempt, where the panel has it at all.
ALIKE = {"misses": ABSENT, "barred": FORBIDDEN, "login": LOGIN}

#: What readers are refused before the image is looked for.
NOT_FOR_READERS = ("accept", "reject", "project_search")

#: The right that a rule of Glance's policy stands for.
RIGHT_OF_RULE = {
    **dict.fromkeys(("modify_image", "delete_image", "communitize_image"), "change"),
    **dict.fromkeys(("deactivate", "reactivate", "delete_member"), "change"),
}

#: The right that an attempt takes; of an action on rows by the rule that it declares.
NEEDS = {
    **dict.fromkeys(ATTEMPTS, "change"),
    **{name: RIGHT_OF_RULE[action.rule] for name, action in ACTIONS.items()},
    "detail": "see",
    "progress": "see",
    "download": "work",
    "boot_page": "work",
    "uses": "know",
    "access": "members",
    "accept": "answer",
    "reject": "answer",
    "project_search": "work",
    "publish": "domain",
    "publish_page": "domain",
    "publish_to_domain": "domain",
    "publish_step": "domain",
    "publish_to_cloud": "admin",
    "publish_to_own": "domain",
    "unpublish": "change",
    "change_owner": "admin",
    "owner_page": "admin",
    "owner_search": "admin",
    "copy_to_store": "admin",
    "copy_to_stores": "admin",
    "remove_from_store": "admin",
}

#: Attempts that a script makes of many images: not to be told is to be refused.
TOLD = ("progress", "uses", "access")

#: What a panel does not have, for nobody.
LACKS = {
    "project": {"owner_page", "owner_search", "change_owner"},
    "admin": {"accept", "reject"},
    "domain": {
        *("owner_page", "owner_search", "change_owner", "accept", "reject"),
        *("progress", "upload_data_page", "upload_data", "upload", "new_version_page"),
    },
}


@dataclass(frozen=True)
class Case:
    panel: str
    relation: str
    role: str
    standing: str

    @property
    def id(self) -> str:
        return f"{self.panel}-{self.relation}-{self.role}-{self.standing}"

    def expected(self) -> dict[str, str]:
        """What has to come of each attempt."""
        return {name: self._expected(name) for name in ATTEMPTS}

    def _expected(self, name: str) -> str:
        if name in LACKS[self.panel]:
            return ABSENT
        if self.standing == "cannot":
            return FORBIDDEN if name in NOT_FOR_READERS else ABSENT
        if self.standing in ALIKE:
            return ALIKE[self.standing]
        if needed(name, RELATIONS[self.relation]) not in RIGHTS[self.standing]:
            return ABSENT if name in TOLD else FORBIDDEN
        image = RELATIONS[self.relation]
        if name == "new_version_page" and not (image.whose == "own" and image.role):
            # A new image belongs to the active project, and to a family.
            return FORBIDDEN
        if image.is_deleted and name in CHANGING_PAGES:
            return FORBIDDEN
        if name in OF_A_FAMILY and not image.role:
            return ABSENT
        if is_so(name, RELATIONS[self.relation]):
            return UNCHANGED
        if name == "publish_to_own" and not self._possible(name):
            # The page says of no audience why it does not offer it.
            return FORBIDDEN
        if not self._possible(name):
            return ABSENT if name in TOLD else IMPOSSIBLE
        return SHOWN if name in SHOWING else DONE

    def _possible(self, name: str) -> bool:
        image = RELATIONS[self.relation]
        if name == "download" and image.is_deactivated:
            return self.standing == "admins"
        return possible(name, image)


#: Attempts that an image without a family does not have.
OF_A_FAMILY = ("make_latest_page", "make_latest", "end_rule_page", "end_rule")

#: Attempts that are about whom an image is published to.
PUBLISHING = (
    *("publish", "publish_page", "publish_step", "unpublish"),
    *("publish_to_own", "publish_to_domain", "publish_to_cloud"),
)


def needed(name: str, image: Relation) -> str:
    """The right that the attempt takes: what was published is taken back by who may publish it."""
    if name in PUBLISHING and image.visibility == "public":
        return "admin"
    if name == "unpublish" and image.is_of_domain:
        return "domain"
    return NEEDS[name]


#: Attempts that show something, and change nothing.
SHOWING = (
    "detail",
    "download",
    "publish",
    *TOLD,
    *(name for name in ATTEMPTS if name.endswith(("_page", "_search"))),
)


#: What is refused for a deleted image before its state is looked at; the actions on rows say
#: why.
CHANGING_PAGES = tuple(
    name
    for name in ATTEMPTS
    if NEEDS[name] in ("change", "domain", "admin") and (name not in ACTIONS or name == "publish")
)


def is_so(name: str, image: Relation) -> bool:
    """Whether the image is already what the attempt would make of it, and nobody minds."""
    already = {
        "accept": image.answer == "accepted",
        "reject": image.answer == "rejected",
        "publish_to_cloud": image.visibility == "public",
        "make_latest": image.role == LATEST,
    }
    return already.get(name, False)


def possible(name: str, image: Relation) -> bool:
    """Whether the image's state lets the attempt succeed; an action on rows declares it."""
    if name in ACTIONS:
        return image.name not in ACTIONS[name].refused_for
    is_members = image.visibility in ("private", "shared")
    is_published = image.visibility == "public" or image.is_of_domain
    states = {
        "download": image.has_data,
        "access": image.visibility == "shared",
        "share_page": is_members,
        "share": is_members,
        "remove_member": image.has_member or bool(image.answer),
        "accept": bool(image.answer),
        "reject": bool(image.answer),
        "upload_data_page": not image.has_data,
        "upload_data": not image.has_data,
        "upload": not image.has_data,
        # There is nothing to compare what is verified with.
        "verify": image.status == "active" and not image.is_verified,
        "copy_to_store": image.status == "active",
        "copy_to_stores": image.status == "active",
        "remove_from_store": image.status == "active",
        "publish_to_own": is_published,
        # The data of the others is not what they are to have.
        "make_latest": image.is_verified,
        # The latest version has the rule.
        "end_rule": image.role == LATEST,
        # No image is a version of itself.
        "existing_version": not image.role,
    }
    return states.get(name, True)


def cases() -> list[Case]:
    """One for each word of the table."""
    heading, *lines = (line.split() for line in TABLE.strip().splitlines() if line)
    return [
        Case(panel, relation, role, standing)
        for panel, relation, *standings in lines
        for role, standing in zip(heading[2:], standings, strict=True)
        if standing != "-"
    ]
