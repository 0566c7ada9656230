# SPDX-License-Identifier: Apache-2.0
"""The translations are complete, and get to the pages."""

from __future__ import annotations

import json
from html import unescape
from importlib.metadata import version

import pytest
from django.conf import settings
from django.urls import reverse
from openstack_dashboard.context_processors import get_js_catalog

from tests import factories, translations


@pytest.mark.skipif(
    int(version("horizon").partition(".")[0]) < 27, reason="the words are those of Horizon 27"
)
@pytest.mark.parametrize(("language", "domain"), translations.EACH)
def test_a_catalogue_is_complete(language, domain):
    """Each message is translated, with its placeholders, plural forms and markup."""
    faults = translations.faults(language, domain)
    assert not faults, "\n".join([f"{len(faults)} messages", *faults[:20]])


@pytest.fixture
def page(browser, settings, request):
    """The list without images, in the language of the test."""
    language = request.getfixturevalue("language")
    # Horizon does not offer Arabic.
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "Arabic")]
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return unescape(browser.login_as(factories.member()).get("/project/images/").content.decode())


def translated(language, domain, message):
    catalogue = translations.read(translations.catalogue_file(language, domain), language)
    text = catalogue.get(message).string
    assert text
    return text


@pytest.mark.parametrize("language", translations.PLURAL_FORMS)
def test_the_server_has_the_language(language, page):
    text = translated(
        language, "django", "No images yet. Select Create Image to add the first one."
    )
    assert text in page


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("language", translations.PLURAL_FORMS)
def test_the_scripts_have_the_language(language, browser):
    """Horizon puts the catalogues of its plugins into one script of each page."""
    url = reverse("horizon:jsi18n", args=[get_js_catalog(settings)])
    script = browser.get(url).content.decode()
    message = "Nothing is uploaded until you confirm."
    text = translated(language, "djangojs", message)
    assert f"{json.dumps(message)}: {json.dumps(text)}" in script
