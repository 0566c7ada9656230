# SPDX-License-Identifier: Apache-2.0
"""What is looked up once in a request, and what a copy for another project still knows."""

from types import SimpleNamespace

import pytest

from helion_images_panel.core.per_request import copy_for_project, per_request


def counter():
    calls = []

    def make():
        calls.append(1)
        return len(calls)

    return make


@pytest.mark.parametrize("scoped", [True, False])
def test_a_value_is_made_once_in_a_request(scoped):
    request, make = SimpleNamespace(), counter()
    asked = [per_request(request, "n", make, scoped_to_project=scoped) for _ in range(3)]
    assert asked == [1, 1, 1]
    assert per_request(SimpleNamespace(), "n", make, scoped_to_project=scoped) == 2


def test_an_error_is_not_kept():
    request, answers = SimpleNamespace(), iter([LookupError("x"), None])

    def make():
        error = next(answers)
        if error:
            raise error
        return "found"

    with pytest.raises(LookupError):
        per_request(request, "n", make, scoped_to_project=True)
    assert per_request(request, "n", make, scoped_to_project=True) == "found"


@pytest.mark.parametrize(("scoped", "known"), [(True, 2), (False, 1)])
def test_a_copy_for_another_project_knows_its_persons_values_only(scoped, known):
    request, make = SimpleNamespace(), counter()
    per_request(request, "n", make, scoped_to_project=scoped)
    copied = copy_for_project(request)
    assert per_request(copied, "n", make, scoped_to_project=scoped) == known
    assert per_request(request, "n", make, scoped_to_project=scoped) == 1


def test_a_persons_value_that_a_copy_looks_up_is_known_to_all():
    request, make = SimpleNamespace(), counter()
    copied = copy_for_project(request)
    per_request(copied, "n", make, scoped_to_project=False)
    assert per_request(request, "n", make, scoped_to_project=False) == 1
