# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core import formats

CHOICES = [("", "Choose"), ("qcow2", "QCOW2"), ("ova", "OVA"), ("docker", "Docker"), ("ami", "AMI")]


@pytest.mark.parametrize(
    ("name", "pair"),
    [
        ("qcow2", ("qcow2", "bare")),
        ("raw", ("raw", "bare")),
        ("ova", ("vmdk", "ova")),
        ("vmdk", ("vmdk", "bare")),
        ("docker", ("raw", "docker")),
        ("aki", ("aki", "aki")),
        ("ami", ("ami", "ami")),
        ("ari", ("ari", "ari")),
        ("unheard-of", ("unheard-of", "bare")),
    ],
)
def test_a_format_and_glances_pair_are_each_others_inverse(name, pair):
    assert formats.glance_formats(name) == pair
    assert formats.format_of(*pair) == name


@pytest.mark.parametrize(
    ("disk_format", "container_format", "name"),
    [
        ("qcow2", "compressed", "qcow2"),
        ("qcow2", None, "qcow2"),
        (None, None, None),
        (None, "bare", None),
        ("ami", "bare", "ami"),
    ],
)
def test_pairs_that_no_choice_makes(disk_format, container_format, name):
    assert formats.format_of(disk_format, container_format) == name


def test_supported_keeps_what_glance_accepts_in_order_and_the_empty_choice():
    found = formats.supported(CHOICES, ["qcow2", "vmdk", "raw"], ["bare", "ova"])
    assert found == [("", "Choose"), ("qcow2", "QCOW2"), ("ova", "OVA")]


def test_a_format_needs_its_container_too():
    found = dict(formats.supported(CHOICES, ["vmdk", "raw"], ["bare"]))
    assert "ova" not in found
    assert "docker" not in found


@pytest.mark.parametrize("name", ["qcow2", "raw", "docker", "vmdk", "ova", "ami", "aki", "iso"])
def test_a_filter_finds_what_is_called_so_and_nothing_else(name):
    containers = ("bare", "compressed", "ovf", "aki", "ami", "ari", "docker", "ova")
    pairs = [(disk, each) for disk in ("qcow2", "raw", "vmdk", "ami", "iso") for each in containers]
    pairs.append(("aki", "aki"))
    wanted, accepted = formats.glance_filter(name)
    found = [
        (disk, each) for disk, each in pairs if disk == wanted and each in (accepted or (each,))
    ]
    assert found
    assert found == [pair for pair in pairs if formats.format_of(*pair) == name]
