# SPDX-License-Identifier: Apache-2.0
"""Tests of Horizon that fail with this plugin in place, by their reason.

They test the views of the panels that it replaces. A test of anything else is not for this
list: then the plugin has broken something.
"""

_PROJECT = "openstack_dashboard.dashboards.project."
_ADMIN = "openstack_dashboard.dashboards.admin."

#: Names of tests by the reason why they fail.
EXCEPTIONS: dict[str, tuple[str, ...]] = {
    "The list of the stock Project panel: its templates, its table, and its calls of "
    "image_list_detailed.": (
        _PROJECT + "images.tests.ImagesAndSnapshotsTests.test_index",
        _PROJECT + "images.tests.ImagesAndSnapshotsTests.test_index_error",
        _PROJECT + "images.tests.ImagesAndSnapshotsTests.test_index_no_images",
        _PROJECT + "images.tests.ImagesAndSnapshotsTests.test_snapshot_actions",
    ),
    "The forms and the details page of the stock Project panel: their templates, and their "
    "calls of Horizon's API layer for Glance.": (
        _PROJECT + "images.images.tests.ImageViewTests.test_image_create_get",
        _PROJECT + "images.images.tests.ImageViewTests.test_image_create_post_location_v2",
        _PROJECT + "images.images.tests.ImageViewTests.test_image_create_post_upload_v2",
        _PROJECT
        + "images.images.tests.ImageViewTests.test_image_create_post_with_kernel_ramdisk_v2",
        _PROJECT + "images.images.tests.ImageViewTests.test_image_detail_custom_props_get_v2",
        _PROJECT + "images.images.tests.ImageViewTests.test_image_detail_get_v2",
        _PROJECT + "images.images.tests.ImageViewTests.test_image_detail_get_with_exception",
        _PROJECT + "images.images.tests.ImageViewTests.test_image_update_get",
        _PROJECT + "images.images.tests.ImageViewTests.test_protected_image_detail_get_v2",
        _PROJECT + "images.images.tests.UpdateImageFormTests.test_image_update",
        _PROJECT + "images.images.tests.UpdateImageFormTests.test_image_update_post_v2",
    ),
    "The views of the stock Admin panel: their templates, and their calls of Horizon's API "
    "layer for Glance.": (
        _ADMIN
        + "images.tests.ImageCreateViewTest.test_admin_image_create_view_uses_admin_template",
        _ADMIN + "images.tests.ImagesViewTest.test_images_list",
        _ADMIN + "images.tests.ImagesViewTest.test_images_list_get_pagination",
        _ADMIN + "images.tests.ImagesViewTest.test_images_list_get_prev_pagination",
        _ADMIN + "images.tests.ImagesViewTest.test_images_list_with_admin_filter_first",
    ),
    "The stock dialog Create Snapshot, a view of the Project panel: its template, and no calls "
    "but server_get and snapshot_create. This one also reads the properties that Glance "
    "requires, limits the time of Nova's clients, and reads the instance before the snapshot is "
    "created, so that an admin gets none of another domain. "
    "tests/unit/ui/snapshots/test_views.py tests it.": (
        _PROJECT + "images.snapshots.tests.SnapshotsViewTests.test_create_snapshot_get",
        _PROJECT + "images.snapshots.tests.SnapshotsViewTests.test_create_snapshot_post",
        _PROJECT + "images.snapshots.tests.SnapshotsViewTests.test_create_snapshot_post_exception",
    ),
    "The same dialog, and then the list of the stock Project panel: the test expects its call of "
    "image_list_detailed, with the arguments of the stock table.": (
        _PROJECT + "instances.tests.InstanceTests.test_create_instance_snapshot",
    ),
}

#: Tests that depend on the tests before them, without this plugin too: they are not run.
UNSTABLE: dict[str, tuple[str, ...]] = {
    "Fails alone: it passes only after a test that has left its filter in the actions of the "
    "table, which all requests of a process share.": (
        _PROJECT + "volumes.tests.VolumeIndexViewTests.test_index_filter_unnamed_volume_by_name",
    ),
}
