# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.ui.base import markers
from tests import factories

LIST = "horizon:admin:images.d1"


def test_a_marker_comes_back_for_its_own_list_only():
    image_id = factories.image_id(77)
    text = markers.sealed(image_id, LIST)
    assert markers.is_sealed(text)
    assert not markers.is_sealed(image_id)
    assert markers.unsealed(text, LIST) == image_id
    assert markers.unsealed(text, "horizon:admin:images.d2") is None


def test_nothing_of_the_id_shows():
    image_id = factories.image_id(77)
    texts = [markers.sealed(image_id, LIST) for _ in range(3)]
    assert len(set(texts)) == 3
    assert not [text for text in texts if image_id.replace("-", "")[:12] in text]


@pytest.mark.parametrize("text", ["~", "~x", "~:", "~00:x", "~" + "0" * 64, ""])
def test_what_was_not_sealed_here(text):
    assert markers.unsealed(text, LIST) is None
    good = markers.sealed(factories.image_id(5), LIST)
    other = "0" if good[1] != "0" else "1"
    assert markers.unsealed(f"~{other}{good[2:]}", LIST) is None


def test_a_marker_is_good_for_a_while(monkeypatch):
    text = markers.sealed(factories.image_id(5), LIST)
    monkeypatch.setattr(markers, "VALID_FOR_S", -1)
    assert markers.unsealed(text, LIST) is None


@pytest.mark.parametrize("image_id", ["A0B1-UPPER", "ü", "x" * 255])
def test_any_id_comes_back_as_it_was(image_id):
    assert markers.unsealed(markers.sealed(image_id, LIST), LIST) == image_id
