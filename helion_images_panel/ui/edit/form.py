# SPDX-License-Identifier: Apache-2.0
"""Edit Image: only changed values are sent to Glance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django import shortcuts
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from horizon import forms

from helion_images_panel import exceptions, policy
from helion_images_panel.core import tags
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import DOMAIN, OWN
from helion_images_panel.publishing.held_image import HeldImage, hold
from helion_images_panel.ui.base import fields, labels, messages
from helion_images_panel.ui.base.change_form import ChangeForm
from helion_images_panel.ui.base.tags import TagsField, as_written
from helion_images_panel.ui.edit.visibility import visibility_of
from helion_images_panel.ui.publish import audiences
from helion_images_panel.ui.scopes.scope import PanelScope
from helion_images_panel.ui.sharing import old_members

#: Fields that are custom properties: an empty value removes the property.
PROPERTY_FIELDS = ("description", "architecture")


def _shown_for(visibility: str, label: str | Promise) -> dict[str, str | Promise]:
    """HTML attributes of a field that is shown while this visibility is selected."""
    return {
        "class": "switched",
        "data-switch-on": "visibility",
        f"data-visibility-{visibility}": label,
    }


class EditImageForm(ChangeForm):
    """The image's own attributes, and the two properties that Create Image sets."""

    #: The image under its lock, while the visibility is changed.
    _held: HeldImage

    name = fields.name_field(required=False, show_hidden_initial=True)
    description = fields.description_field(show_hidden_initial=True)
    visibility = forms.ChoiceField(
        label=_("Visibility"),
        show_hidden_initial=True,
        widget=django_forms.Select(attrs={"class": "switchable", "data-slug": "visibility"}),
        help_text=_(
            "Private: only the owner's project. Shared: also the projects that it is shared with. "
            "Community: every project, but listed only with the Community filter. Public: every "
            "project of this cloud."
        ),
    )
    remove_members = forms.BooleanField(
        required=False,
        help_text=_(
            "If you do not remove the members, they regain access, with their previous "
            "responses, when the image is shared again."
        ),
        widget=django_forms.CheckboxInput(attrs=_shown_for("private", "")),
    )
    remove_old = old_members.remove_old_field(
        _(
            "If the image was shared before, its earlier members regain access, with their "
            "previous responses, unless you remove them."
        ),
        **_shown_for("shared", old_members.REMOVE_OLD),
    )
    protected = fields.protected_field(show_hidden_initial=True)
    min_disk = fields.min_disk_field(show_hidden_initial=True)
    min_ram = fields.min_ram_field(show_hidden_initial=True)
    architecture = fields.architecture_field(show_hidden_initial=True)
    tags = TagsField(show_hidden_initial=True)
    image_id = forms.CharField(label=_("ID"), required=False, disabled=True)
    disk_format = forms.CharField(label=_("Format"), required=False, disabled=True)
    size = forms.CharField(label=_("Size"), required=False, disabled=True)
    kernel = forms.CharField(label=_("Kernel ID"), required=False, disabled=True)
    ramdisk = forms.CharField(label=_("Ramdisk ID"), required=False, disabled=True)

    def __init__(
        self,
        request: HttpRequest,
        *args: Any,
        image: Image,
        scope: PanelScope,
        visibilities: list[tuple[str, str]],
        member_count: int | None,
        **kwargs: Any,
    ):
        """:param visibilities: result of `visibility_choices`
        :param member_count: result of `removable_members`
        """
        super().__init__(request, *args, image=image, **kwargs)
        self.scope = scope
        self.fields["visibility"].choices = visibilities
        self._ask_about_members(member_count)
        for part in ("kernel", "ramdisk"):
            if not self.initial.get(part):
                del self.fields[part]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        # Other values of an image with such a name can be changed without a new name.
        if "name" in self.changed_data:
            fields.check_visible(name)
        return name

    def _ask_about_members(self, count: int | None) -> None:
        """Offer to remove members, if there are any, and the user may.

        Glance does not return the former members of a private image.
        """
        if self.image.visibility != "private" or not policy.allows(
            self.request, policy.DELETE_MEMBER, self.image
        ):
            del self.fields["remove_old"]
        if count == 0:
            del self.fields["remove_members"]
            return
        self.fields["remove_members"].label = (
            ngettext("Remove %(count)s member first", "Remove %(count)s members first", count)
            % {"count": count}
            if count
            else _("Remove the members first")
        )

    def handle(self, request: HttpRequest, data: dict[str, Any]) -> bool | HttpResponse:
        audience = self._audience(data)
        if audience:
            # Publishing to many projects takes a while: Publish shows the
            # number of projects and the progress. Other changes of the form are sent
            # first.
            if self.changes(data) and not super().handle(request, data):
                return False
            return shortcuts.redirect(audiences.publish_url(self.scope, [self.image.id], audience))
        if "visibility" not in self.changed_data:
            return super().handle(request, data)
        try:
            with hold(request, self.image) as self._held:
                return self._change_visibility(request, data)
        except exceptions.ImageServiceError as error:
            self.change_refused(error, self.refused(error, {}))
            return False

    def _change_visibility(self, request: HttpRequest, data: dict[str, Any]) -> bool:
        """Change the visibility under the lock, and remove members as chosen."""
        visibility, before = data["visibility"], self._held.current.image.visibility
        removed = 0
        if visibility == "private" and data.get("remove_members"):
            self._held.check_visibility(visibility)
            removed, left = old_members.remove_all(request, self.image.id)
            if left:
                self.api_error(_remaining_members_message(removed, left))
                return False
        handled = super().handle(request, data)
        if not handled and removed:
            # The members were removed, even though the change failed.
            messages.warning(request, _removed_members_message(removed))
        if handled and (before, visibility) == ("private", "shared"):
            remove = bool(data.get("remove_old"))
            old_members.settle_old_members(request, self.scope, self.image, remove)
        return handled

    def send(self, request: HttpRequest, changes: Mapping[str, Any]) -> None:
        further = {name: value for name, value in changes.items() if name != "visibility"}
        if "visibility" in changes:
            self._held.change_visibility(changes["visibility"], further)
        else:
            super().send(request, further)

    def _audience(self, data: dict[str, Any]) -> str:
        """Return the audience to publish to, if the change takes more than a change of
        visibility; else empty.
        """
        if "visibility" not in self.changed_data:
            return ""
        if data["visibility"] == DOMAIN:
            return DOMAIN
        unpublishes = audiences.domain_of(self.image) and data["visibility"] != "public"
        return OWN if unpublishes else ""

    @staticmethod
    def initial_of(image: Image) -> dict[str, Any]:
        return {
            "name": image.name or "",
            "description": image.description,
            "visibility": visibility_of(image),
            "protected": image.protected,
            "min_disk": image.min_disk_gib or None,
            "min_ram": image.min_ram_mib or None,
            "architecture": str(image.properties.get("architecture") or ""),
            "tags": tags.joined(image.tags),
            "image_id": image.id,
            "disk_format": labels.format_label(image.format),
            "size": labels.size_label(image.size_bytes),
            "kernel": image.properties.get("kernel_id"),
            "ramdisk": image.properties.get("ramdisk_id"),
        }

    def changes(self, data: dict[str, Any]) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        for name in self.changed_data:
            if name in ("remove_members", "remove_old"):
                continue  # Not attributes of the image: see `handle`.
            if name == "visibility":
                if self._audience(data):
                    continue  # Publish changes it.
                changes["visibility"] = data[name]
            elif name in PROPERTY_FIELDS:
                if data[name] or name in self.image.properties:
                    changes[name] = fields.one_newline(data[name]) or None
            elif name in ("min_disk", "min_ram"):
                changes[name] = data[name] or 0
            elif name == "tags":
                changes.update(self._tag_changes(data[name]))
            else:
                changes[name] = data[name]
        return changes

    def _shown(self, name: str) -> str:
        """Return the value that the user was shown, as posted with the form."""
        return str(self.data.get(self[name].html_initial_name) or "")

    def _tag_changes(self, wanted: str) -> dict[str, Any]:
        """Apply the user's changes of tags to the current tags.

        Glance replaces all tags in one request, which therefore includes tags that
        other users have added in the meantime. The image was read for this request.
        Glance's requests for single tags would not be safer: Glance reads and replaces
        all tags there too, and an error would leave half of the changes.
        """
        # By their spelling on the page, which may differ.
        original = {as_written(tag): tag for tag in self.image.tags}
        shown, posted = (
            [original.get(tag, tag) for tag in tags.split(text)]
            for text in (fields.one_newline(self._shown("tags")), wanted)
        )
        new_tags = tags.edited(self.image.tags, shown, posted)
        return {} if set(new_tags) == set(self.image.tags) else {"tags": list(new_tags)}


def _remaining_members_message(removed: int, left: int) -> str:
    template = ngettext(
        "The visibility was not changed: %(count)s member could not be removed.",
        "The visibility was not changed: %(count)s members could not be removed.",
        left,
    )
    message = template % {"count": left}
    return f"{message} {_removed_members_message(removed)}" if removed else message


def _removed_members_message(removed: int) -> str:
    template = ngettext(
        "%(count)s member of the image was removed.",
        "%(count)s members of the image were removed.",
        removed,
    )
    return template % {"count": removed}
