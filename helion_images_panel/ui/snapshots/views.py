# SPDX-License-Identifier: Apache-2.0
"""The dialog Create Snapshot, which the Instances panel opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import exceptions, forms
from horizon.utils.http import is_ajax
from novaclient import exceptions as nova_exc
from openstack_dashboard.api import _nova, nova

from helion_images_panel import policy
from helion_images_panel.api import instances, projects
from helion_images_panel.core.definitions import Definition
from helion_images_panel.ui.base import fields, labels, messages, page_session
from helion_images_panel.ui.base.page_session import SessionChange
from helion_images_panel.ui.base.refusals import Refusal
from helion_images_panel.ui.base.views import DialogView, ServiceView
from helion_images_panel.ui.metadata.definitions import load_required
from helion_images_panel.ui.metadata.required import add_required_fields, required_values
from helion_images_panel.ui.scopes.domain_roles import administers


class CreateSnapshotForm(forms.SelfHandlingForm):
    name = forms.CharField(
        max_length=fields.NAME_LENGTH,
        label=_("Snapshot Name"),
        validators=[fields.check_visible],
    )

    def __init__(
        self,
        request: HttpRequest,
        *args: Any,
        instance_id: str,
        required: Sequence[Definition] = (),
        **kwargs: Any,
    ):
        """:param required: properties that the cloud requires on each image"""
        super().__init__(request, *args, **kwargs)
        self.instance_id = instance_id
        self.required = required
        add_required_fields(self, required)
        if required:
            # Nova creates the image, and sets its format in a change, which Glance 32 and 33
            # refuse.
            self.warnings = _(
                "The compute service changes the snapshot after creating it. Where properties "
                "are required, the image service may refuse that, and the snapshot disappears "
                "again. If this happens, ask the cloud's operator."
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        data["metadata"] = required_values(self, self.required, data)
        return data

    def handle(self, request: HttpRequest, data: dict[str, Any]) -> bool:
        try:
            with instances.limited(request):
                instance = nova.server_get(request, self.instance_id)
                if not _is_visible(request, instance.tenant_id):
                    # Alike for instances that do not exist.
                    raise nova_exc.NotFound(404)
                _create(request, self.instance_id, data["name"], data["metadata"])
        except Exception:
            # Horizon handles Nova's exceptions by their kind.
            exceptions.handle(
                request,
                _eager("Unable to create the snapshot."),
                redirect=reverse("horizon:project:instances:index"),
            )
        messages.success(
            request,
            _eager('Snapshot "%(name)s" of instance "%(instance)s" is being created.')
            % {"name": labels.inert(data["name"]), "instance": labels.inert(instance.name)},
        )
        return True


def _is_visible(request: HttpRequest, project_id: str) -> bool:
    """Whether the instances of a project are for the user: to Nova, each admin is admin of the
    whole cloud.
    """
    if project_id == request.user.project_id or not policy.allows(request, policy.ADMIN):
        return True
    project = projects.project_get(request, project_id)
    return project is not None and administers(request, project.domain_id)


def _create(request: HttpRequest, instance_id: str, name: str, metadata: Mapping[str, Any]) -> None:
    """Create the snapshot; Nova sets the metadata as properties of its image."""
    if not metadata:
        nova.snapshot_create(request, instance_id, name)
        return
    # Horizon's own function passes no metadata on.
    properties = {key: str(value) for key, value in metadata.items()}
    _nova.novaclient(request).servers.create_image(instance_id, name, properties)


class CreateSnapshotView(DialogView, ServiceView, forms.ModalFormView):
    """Creates a snapshot of the instance whose ID is in the URL."""

    form_class = CreateSnapshotForm
    form_id = "create_snapshot_form"
    modal_id = "create_snapshot_modal"
    page_title = _("Create Snapshot")
    submit_label = _("Create Snapshot")
    ajax_template_name = "helion_images_panel/snapshots/_form.html"

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy.require(request, policy.CREATE_SNAPSHOT)
        return super().respond(request, *args, **kwargs)

    def page_refused(
        self, refusal: Refusal, change: SessionChange | None = None, is_own: bool = True
    ) -> HttpResponse:
        """Return the dialog again: Horizon's script closes it on any other response."""
        if not is_ajax(self.request) or page_session.HEADER in self.request.headers or not is_own:
            return super().page_refused(refusal, change, is_own)
        if change:
            self.page_session = change.then
        form = self.get_form()
        form.add_error(None, refusal.reason)
        return self.render_to_response(self.get_context_data(form=form))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "instance_id": self.kwargs["instance_id"],
            "required": load_required(self.request),
        }

    def get_success_url(self) -> str:
        return reverse("horizon:project:images:index")

    def get_cancel_url(self) -> str:
        return self.get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["submit_url"] = reverse(
            "horizon:project:images:snapshots:create", args=(self.kwargs["instance_id"],)
        )
        return context
