# SPDX-License-Identifier: Apache-2.0
"""Sphinx's settings: `tox -e docs` builds the site."""

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
