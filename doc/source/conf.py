# SPDX-License-Identifier: Apache-2.0
"""Sphinx's settings: `tox -e docs` builds the site."""

import os
import shutil
from pathlib import Path

SOURCE = Path(__file__).parent

#: Where the browser tests of `tox -e cloud` and `tox -e browser` put the pictures that they take.
TAKEN = SOURCE.parent / "build" / "pictures"

project = "helion_images_panel"
author = "The helion_images_panel authors"
copyright = f"{author}, Apache-2.0"

extensions = ["myst_parser", "reno.sphinxext"]

# Links between pages name a file and a heading, and so work in the repository too.
myst_heading_anchors = 3

html_theme = "furo"
html_title = "Images panel for Horizon"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False


def replace_pictures(shown: Path, taken: Path, committed: Path) -> list[str]:
    """Show pictures that the browser tests have taken since the committed ones were written.

    :param shown: the folder of the site with copies of the committed pictures
    :return: names of those that stay
    """
    staying = []
    for picture in sorted(shown.glob("*.png")):
        new = taken / picture.name
        if new.exists() and new.stat().st_mtime > (committed / picture.name).stat().st_mtime:
            shutil.copyfile(new, picture)
        else:
            staying.append(picture.name)
    return staying


def finish(app, error):
    from sphinx.util import logging

    if error:
        return
    log = logging.getLogger(__name__)
    shown = Path(app.outdir) / "_images"
    staying = replace_pictures(shown, TAKEN, SOURCE / "images")
    taken = len(list(shown.glob("*.png"))) - len(staying)
    log.info("%s pictures are of the browser tests, %s are committed ones.", taken, len(staying))
    if staying and os.environ.get("REQUIRE_BROWSER"):
        # With -W it ends the build.
        log.warning(
            "The browser tests have not taken %s. Run `tox -e cloud` first, or unset "
            "REQUIRE_BROWSER to build with the committed pictures.",
            ", ".join(staying),
        )


def setup(app):
    app.connect("build-finished", finish)
