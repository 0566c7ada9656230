# SPDX-License-Identifier: Apache-2.0
"""`python -m helion_images_panel` is the command `helion-images-panel`."""

from helion_images_panel.installation.command import main

if __name__ == "__main__":
    raise SystemExit(main())
