# SPDX-License-Identifier: Apache-2.0
"""Which images the instances and volumes of a project come from: one request to each service."""

import pytest
from novaclient import exceptions as nova_exc

from helion_images_panel import exceptions
from helion_images_panel.api import identity, instances, used_images
from tests import factories
from tests.unit.api.test_instances import FakeNova
from tests.unit.api.test_volumes import FakeCinder

#: As they are without the fixture that keeps other tests from both services.
OF_INSTANCES, OF_VOLUMES = used_images.of_instances, used_images.of_volumes

ONE, OTHER = factories.image_id(1), factories.image_id(2)


@pytest.fixture
def nova(monkeypatch):
    def install(**kwargs):
        fake = FakeNova(**kwargs)
        monkeypatch.setattr(instances._nova, "novaclient", lambda _request: fake)
        return fake

    return install


@pytest.fixture
def cinder(monkeypatch):
    def install(*rows, **kwargs):
        fake = FakeCinder(*rows, **kwargs)
        monkeypatch.setattr(identity, "session", lambda _request: fake)
        return fake

    return install


def test_instances_are_counted_by_image(nova):
    images = [{"id": ONE}, {"id": OTHER}, {"id": ONE}, "", None, {}]
    fake = nova(body={"servers": [{"id": str(n), "image": each} for n, each in enumerate(images)]})
    assert OF_INSTANCES(factories.request()) == {ONE: 2, OTHER: 1}
    assert fake.asked == [("/servers/detail", {"limit": "1000"})]


@pytest.mark.parametrize(
    "answer",
    [
        {"error": nova_exc.ClientException(500)},
        {"error": nova_exc.Forbidden(403)},
        {"body": {}},
        {"body": {"servers": [1]}},
        {"body": {"servers": [{"image": 1}]}},
    ],
)
def test_a_compute_service_that_fails(nova, answer):
    nova(**answer)
    with pytest.raises(exceptions.ImageServiceError):
        OF_INSTANCES(factories.request())


def test_volumes_are_counted_by_image(cinder):
    metadata = [{"image_id": ONE}, {"image_id": ONE}, {"image_id": ""}, {}, None]
    rows = [{"id": str(n), "volume_image_metadata": each} for n, each in enumerate(metadata)]
    fake = cinder(*rows, {"id": "empty"})
    assert OF_VOLUMES(factories.request()) == {ONE: 2}
    assert fake.asked == [({"limit": 1000}, None)]


@pytest.mark.parametrize(
    "answer", [{"status": 500}, {"status": 403}, {"body": {"volumes": [1]}}, {"body": {"x": 1}}]
)
def test_a_volume_service_that_fails(cinder, answer):
    cinder(**answer)
    with pytest.raises(exceptions.ImageServiceError):
        OF_VOLUMES(factories.request())
