# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel import conf


@pytest.mark.parametrize("setting", conf.SETTINGS, ids=lambda setting: setting.name)
def test_a_setting_has_its_default_until_it_is_set(setting, settings):
    if hasattr(settings, setting.name):  # Those of the unit tests have one.
        delattr(settings, setting.name)
    assert setting.value == setting.default
    setattr(settings, setting.name, "set by the operator")
    assert setting.value == "set by the operator"


def test_every_setting_is_listed_named_and_explained():
    defined = [value for value in vars(conf).values() if isinstance(value, conf.Setting)]
    assert list(conf.SETTINGS) == defined
    assert all(setting.name.startswith("HELION_IMAGES_") for setting in defined)
    assert all(setting.meaning.endswith(".") for setting in defined)
