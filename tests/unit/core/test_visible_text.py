# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.file_name import file_name
from helion_images_panel.core.visible_text import is_visible
from tests import factories
from tests.script_cases import script_cases


@pytest.mark.parametrize("case", script_cases("visible"), ids=lambda case: ascii(case["text"]))
def test_what_shows_something(case):
    assert is_visible(case["text"]) is case["visible"]
    image = factories.image(name=case["text"])
    assert image.display_name == (case["text"] if case["visible"] else image.id)
    if not case["visible"]:
        assert file_name(image).startswith(image.id)
