# SPDX-License-Identifier: Apache-2.0
"""The names are those of publishers' own files."""

import pytest

from helion_images_panel.core.system_of_file import system_of


@pytest.mark.parametrize(
    ("name", "distro", "version", "architecture"),
    [
        ("ubuntu-24.04-server-cloudimg-amd64.img", "ubuntu", "24.04", "x86_64"),
        ("noble-server-cloudimg-arm64.img", "ubuntu", "24.04", "aarch64"),
        ("debian-12-genericcloud-amd64.qcow2", "debian", "12", "x86_64"),
        ("debian-13-generic-ppc64el-daily.qcow2", "debian", "13", "ppc64le"),
        ("Fedora-Cloud-Base-Generic-42-1.1.x86_64.qcow2", "fedora", "42", "x86_64"),
        ("Fedora-Cloud-Base-Generic.x86_64-40-1.14.qcow2", "fedora", "40", "x86_64"),
        (
            "fedora-coreos-42.20250901.3.0-openstack.x86_64.qcow2.xz",
            *("fedora-coreos", "42.20250901.3.0", "x86_64"),
        ),
        ("Rocky-9-GenericCloud-Base.latest.x86_64.qcow2", "rocky", "9", "x86_64"),
        ("AlmaLinux-10-GenericCloud-latest.aarch64.qcow2", "almalinux", "10", "aarch64"),
        ("CentOS-Stream-GenericCloud-9-latest.x86_64.qcow2", "centos", "9", "x86_64"),
        ("openSUSE-Leap-15.6-Minimal-VM.x86_64-Cloud.qcow2", "opensuse", "15.6", "x86_64"),
        ("openSUSE-Tumbleweed-Minimal-VM.x86_64-Cloud.qcow2", "opensuse", "", "x86_64"),
        ("Arch-Linux-x86_64-cloudimg.qcow2", "arch", "", "x86_64"),
        ("generic_alpine-3.21.2-x86_64-bios-cloudinit-r0.qcow2", "alpine", "3.21.2", "x86_64"),
        ("flatcar_production_openstack_image.img", "flatcar", "", ""),
        ("FreeBSD-14.3-RELEASE-amd64-BASIC-CLOUDINIT.ufs.qcow2.xz", "freebsd", "14.3", "x86_64"),
        ("cirros-0.6.3-x86_64-disk.img", "cirros", "0.6.3", "x86_64"),
        ("rhel-9.4-x86_64-kvm.qcow2", "rhel", "9.4", "x86_64"),
        ("Windows-Server-2022.qcow2", "windows", "2022", ""),
        ("openstack-amd64.raw.xz", "", "", "x86_64"),
        ("noble.img", "", "", ""),
        ("my-ubuntu.img", "", "", ""),
        ("charmd64ing.img", "", "", ""),
        ("", "", "", ""),
    ],
)
def test_system(name, distro, version, architecture):
    found = system_of(name)
    assert (found.os_distro, found.os_version, found.architecture) == (
        distro,
        version,
        architecture,
    )
    assert bool(found.label) == bool(distro)
