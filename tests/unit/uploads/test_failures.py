# SPDX-License-Identifier: Apache-2.0
from helion_images_panel.uploads import failures


def test_a_reason_is_kept_for_its_image_until_it_is_forgotten():
    failures.remember("one", "Not a qcow2.")
    assert failures.recall("one") == "Not a qcow2."
    assert failures.recall("two") == ""
    failures.forget("one")
    assert failures.recall("one") == ""
