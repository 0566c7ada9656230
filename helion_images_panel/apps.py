# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class HelionImagesPanelConfig(AppConfig):
    name = "helion_images_panel"
    verbose_name = "Images panel"

    def ready(self) -> None:
        from helion_images_panel import checks  # noqa: F401  registers itself
