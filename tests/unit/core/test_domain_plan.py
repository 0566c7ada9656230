# SPDX-License-Identifier: Apache-2.0
import itertools

import pytest

from helion_images_panel.core.access import Reach
from helion_images_panel.core.domain_plan import domain_plan
from helion_images_panel.core.image import Member

OWNER, A, B, C = "owner", "a", "b", "c"


def test_the_owner_has_its_image_anyway():
    plan = domain_plan(OWNER, [OWNER], [])
    assert plan.is_done
    assert plan.reach == Reach(1, 1)
    assert plan.members_after == 0


@pytest.mark.parametrize("given", [(), (A,)])
@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("status", [None, "pending", "accepted", "rejected"])
def test_every_case_of_one_project(status, enabled, given):
    members = [Member(A, status)] if status else []
    plan = domain_plan(OWNER, [OWNER, *([A] if enabled else [])], members, given)
    assert plan.add == ((A,) if enabled and status is None else ())
    assert plan.accept == ((A,) if enabled and status == "pending" else ())
    assert plan.answered == (plan.accept if not given else ())
    assert plan.rejected == ((A,) if enabled and status == "rejected" else ())
    has_it = status in ("pending", "accepted")
    assert plan.remove == ((A,) if not enabled and has_it and given else ())
    assert plan.others == ((A,) if not enabled and has_it and not given else ())
    assert plan.reach.reached == 1 + (enabled and status == "accepted")
    assert plan.reach.total == 1 + enabled
    assert plan.members_after == len(members) + len(plan.add) - len(plan.remove)


@pytest.mark.parametrize(
    "statuses", list(itertools.product([None, "pending", "accepted", "rejected"], repeat=3))
)
def test_what_is_done_as_planned_is_done(statuses):
    """After the plan nothing is left, and no rejection and no other member has changed."""
    members = [
        Member(id_, status) for id_, status in zip((A, B, C), statuses, strict=True) if status
    ]
    enabled = [OWNER, A, B]
    plan = domain_plan(OWNER, enabled, members)
    after = {member.project_id: member.status for member in members}
    after |= dict.fromkeys((*plan.add, *plan.accept), "accepted")
    again = domain_plan(OWNER, enabled, [Member(*pair) for pair in after.items()], plan.add)
    assert again.is_done
    assert again.rejected == plan.rejected
    assert after.get(C) == statuses[2]
    assert plan.members_after == len(after)
