# SPDX-License-Identifier: Apache-2.0
"""The uses of an image: how many there are, as far as that is known."""

import pytest

from helion_images_panel.core.uses import ImageUses, Uses
from tests import factories

TWO = factories.uses("one", "other")


@pytest.mark.parametrize(
    ("uses", "counted"),
    [
        (ImageUses(), "0"),
        (ImageUses(TWO, Uses(), TWO, members=5), "4"),
        (ImageUses(TWO, images=factories.uses("one", limit=1)), "3+"),
        (ImageUses(TWO, failures={"volumes": OSError()}), "2+"),
        (ImageUses(volumes=Uses(), failures={"instances": OSError()}), "0+"),
        (ImageUses(failures={"images": OSError()}), "0+"),
        # Members are not in the number.
        (ImageUses(TWO, failures={"members": OSError()}), "2"),
    ],
)
def test_the_number_says_whether_there_may_be_more(uses, counted):
    assert uses.counted == counted
