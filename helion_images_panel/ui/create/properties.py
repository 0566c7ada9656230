# SPDX-License-Identifier: Apache-2.0
"""The step Properties of Create Image: tags, a preset, and other properties."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from horizon import forms, workflows

from helion_images_panel import conf
from helion_images_panel.core import tags
from helion_images_panel.core.definitions import Definition
from helion_images_panel.core.presets import Preset, presets_of
from helion_images_panel.ui.base import fields
from helion_images_panel.ui.base.tags import TagsField
from helion_images_panel.ui.create import property_lines
from helion_images_panel.ui.metadata.definitions import by_name, load_sections
from helion_images_panel.ui.metadata.names import is_editable

#: Properties with a field in the other steps.
ELSEWHERE = frozenset({"description", "architecture", "kernel_id", "ramdisk_id"})

#: Names of the presets of this plugin. Those of an operator are shown as they are.
_NAMES: Mapping[str, str | Promise] = {
    "Linux, virtio and UEFI": _("Linux, virtio and UEFI"),
    "Windows, virtio": _("Windows, virtio"),
    "Appliance, IDE": _("Appliance, IDE"),
}

#: What a property does. Source: "Useful image properties" of Glance's documentation.
_MEANINGS: Mapping[str, str | Promise] = {
    "hw_disk_bus": _("How the disk is attached. The system needs a driver for it."),
    "hw_firmware_type": _("The firmware that starts the system: UEFI or BIOS."),
    "hw_machine_type": _("The kind of computer that is emulated."),
    "hw_pointer_model": _("The pointer of the console follows the mouse."),
    "hw_qemu_guest_agent": _("A channel to the QEMU guest agent, which the system must have."),
    "hw_rng_model": _("A source of random numbers, so that the system starts without waiting."),
    "hw_scsi_model": _("The model of the SCSI controller."),
    "hw_video_model": _("The model of the graphics card."),
    "hw_vif_model": _("The model of the network card. The system needs a driver for it."),
    "os_require_quiesce": _("Snapshots are taken only if the guest agent can freeze the disks."),
    "os_secure_boot": _("Whether only signed systems start."),
    "os_type": _("The kind of system: the clock and the drivers of instances depend on it."),
}


@dataclass(frozen=True)
class Explained:
    """A preset as the page shows it: each property with value and meaning."""

    name: str
    label: str | Promise
    properties: tuple[tuple[str, str, str | Promise], ...]


def offered_presets(elsewhere: Collection[str] = ELSEWHERE) -> dict[str, Preset]:
    """Return the presets by name, without the properties that have a field elsewhere."""
    found = {}
    for preset in presets_of(conf.PRESETS.value):
        properties = {
            name: value
            for name, value in preset.properties.items()
            if is_editable(name) and name not in elsewhere
        }
        if properties:
            found[preset.name] = Preset(preset.name, properties, preset.descriptions)
    return found


def preset_properties(name: str) -> Mapping[str, str]:
    """Return the properties of the preset; none without such a preset."""
    preset = offered_presets().get(name)
    return preset.properties if preset else {}


class PropertiesAction(workflows.Action):
    tags = TagsField()
    preset = forms.ChoiceField(label=_("Preset"), required=False)
    properties = forms.CharField(
        label=_("Other Properties"),
        required=False,
        strip=False,
        max_length=fields.VALUE_LENGTH,
        widget=django_forms.Textarea(
            attrs={
                "rows": 3,
                "placeholder": "hw_disk_bus=virtio",
                "spellcheck": "false",
                "translate": "no",
            }
        ),
        help_text=_(
            "One in each line: name = value. They replace properties of the preset that have the "
            "same name."
        ),
    )
    anyway = fields.CheckBoxField(
        label=_("Use these values anyway: the definitions may be older than the cloud's services."),
        required=False,
    )

    class Meta:
        name = _("Properties")
        slug = "properties"
        help_text_template = "helion_images_panel/create/_properties_help.html"

    def __init__(self, request: HttpRequest, context: Mapping[str, Any], *args: Any, **kwargs: Any):
        super().__init__(request, context, *args, **kwargs)
        required = context["capabilities"].schema.required
        self.elsewhere = ELSEWHERE.union(definition.name for definition in required)
        self._anyway = self.fields.pop("anyway")
        if self.presets:
            choices = [(name, _NAMES.get(name, name)) for name in self.presets]
            self.fields["preset"].choices = [("", _("None")), *choices]
        else:
            del self.fields["preset"]

    @cached_property
    def presets(self) -> dict[str, Preset]:
        """The presets by name, with those of their properties that a user may set here."""
        return offered_presets(self.elsewhere)

    def get_help_text(self, extra_context: dict[str, Any] | None = None) -> str:
        explained = [
            Explained(
                preset.name,
                _NAMES.get(preset.name, preset.name),
                tuple(
                    (name, value, self._meaning(preset, name))
                    for name, value in preset.properties.items()
                ),
            )
            for preset in self.presets.values()
        ]
        context = {"presets": explained, **(extra_context or {})}
        return str(super().get_help_text(context))

    def _meaning(self, preset: Preset, name: str) -> str | Promise:
        """Return what the property does: in the operator's words, in ours, or in those of Glance's
        metadata definitions; empty if nobody says it.
        """
        if found := preset.descriptions.get(name) or _MEANINGS.get(name):
            return found
        definition = self._definitions.get(name)
        return definition.description if definition else ""

    @cached_property
    def _definitions(self) -> dict[str, Definition]:
        return by_name(load_sections(self.request) or ())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        preset = self.presets.get(data.get("preset") or "")
        data["properties"] = {
            **(preset.properties if preset else {}),
            **self._entered(data.get("properties") or ""),
        }
        data["tags"] = list(tags.split(data.get("tags") or ""))
        return data

    def _entered(self, text: str) -> dict[str, str]:
        """Return the properties of the text; add an error for each line that is wrong."""
        if not text.strip():
            return {}
        properties, problems = property_lines.read(text, self._definitions, self.elsewhere)
        is_confirmed = bool(self.data.get("anyway"))
        if any(each.is_of_value for each in problems):
            self.fields["anyway"] = self._anyway
        for each in problems:
            if not (each.is_of_value and is_confirmed):
                self.add_error("properties", each.message)
        return properties


class PropertiesStep(workflows.Step):
    action_class = PropertiesAction
    depends_on = ("capabilities",)
    contributes = ("tags", "properties")
