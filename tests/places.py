# SPDX-License-Identifier: Apache-2.0
"""Each page and each dialog of the panel by name, with the URL names that it shows.

`tests/unit/test_places.py` compares the URL names with those of the code, and
`tests/browser/test_accessibility.py` opens each place: a new page has to be added here.
"""

PLACES: dict[str, tuple[str, ...]] = {
    "list": ("index",),
    "list of the admin": ("index",),
    "list without a match": ("index",),
    "list with ticked rows": ("index",),
    "list with its filters": ("index",),
    "list with its view menu": ("index",),
    "list with its saved views": ("index",),
    "list with the menu of a row": ("index",),
    "list with essentials": ("index",),
    "question before an action": ("index",),
    "question before an action on all": ("index", "selection"),
    "Create Image": ("create",),
    "Create Image, properties": ("create",),
    "Create Image, requirements": ("create",),
    "Create Image, several": ("create",),
    "Create Image as a page": ("create",),
    "Upload Data": ("upload_data",),
    "Upload Data as a page": ("upload_data",),
    "Edit Image": ("update",),
    "Edit Image as a page": ("update",),
    "Update Metadata": ("metadata",),
    "Update Metadata as a page": ("metadata",),
    "Share Image": ("share",),
    "Share Image as a page": ("share",),
    "Publish Image": ("publish",),
    "Publish Image as a page": ("publish",),
    "Change Owner": ("change_owner",),
    "Change Owner as a page": ("change_owner",),
    "Fix Image": ("fix",),
    "Fix Image as a page": ("fix",),
    "details, Overview": ("detail",),
    "details, Access": ("detail",),
    "details, Stores": ("detail",),
    "details, Activity": ("detail",),
    "Shared with Me": ("shared",),
    "Official Images": ("catalogue",),
    "Add Official Image": ("catalogue", "catalogue_add"),
    "Create Image of an official file": ("catalogue", "catalogue_file"),
    "image that is not found": ("detail",),
    "dock": ("upload",),
}

#: URL names that no place shows: what is for scripts, or is a file.
WITHOUT_A_PAGE = {
    "access",
    "catalogue_builds",
    "download",
    "export_csv",
    "export_json",
    "metadata_search",
    "owner_search",
    "page_size",
    "progress",
    "projects",
    "publish_step",
    "shared_count",
    "uses",
    "verify",
}
