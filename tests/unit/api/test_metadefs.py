# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import metadefs
from tests import factories
from tests.unit import fakes


@pytest.fixture
def request_():
    return factories.request()


def test_titles_of_namespaces_and_of_the_objects_in_them(glance, request_):
    glance.metadefs = {
        "OS::Software/x": {
            "properties": {"os_distro": {"title": "Distribution"}, "bare": {}},
            "objects": [{"properties": {"hw_disk_bus": {"title": "Disk Bus"}}}, {}],
        },
        "empty": {},
    }
    assert metadefs.property_titles(request_) == {
        "os_distro": "Distribution",
        "bare": "bare",
        "hw_disk_bus": "Disk Bus",
    }


@pytest.mark.parametrize("known", [{}, {"a": {"properties": {"p": {"title": "P"}}}}])
def test_definitions_are_fetched_once(glance, request_, known):
    glance.metadefs = known
    first = metadefs.property_titles(request_)
    assert len(glance.calls) == 1 + len(known)
    assert metadefs.property_titles(request_) == first
    assert len(glance.calls) == 1 + len(known)


def test_only_public_namespaces_for_images_are_asked_for(glance, request_):
    """What is remembered is shown to everybody."""
    metadefs.property_titles(request_)
    assert glance.calls[0].query["visibility"] == "public"
    assert glance.calls[0].query["resource_types"] == "OS::Glance::Image"


def test_a_failure_is_not_remembered(glance, request_):
    glance.failing["GET /v2/metadefs/namespaces"] = fakes.refusal(500, "no")
    with pytest.raises(exceptions.ImageServiceError):
        metadefs.property_titles(request_)
    glance.failing.clear()
    glance.metadefs = {"a": {"properties": {"p": {}}}}
    assert metadefs.property_titles(request_) == {"p": "p"}
