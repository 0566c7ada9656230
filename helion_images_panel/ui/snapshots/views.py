# SPDX-License-Identifier: Apache-2.0
"""The dialog Create Snapshot, which the Instances panel opens."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import exceptions, forms, messages
from horizon.utils.http import is_ajax
from openstack_dashboard.api import nova

from helion_images_panel import policy
from helion_images_panel.ui.base import fields, labels, page_session
from helion_images_panel.ui.base.page_session import SessionChange
from helion_images_panel.ui.base.panel_view import PanelView
from helion_images_panel.ui.base.refusals import Refusal
from helion_images_panel.ui.base.views import DialogView


class CreateSnapshotForm(forms.SelfHandlingForm):
    name = forms.CharField(max_length=fields.NAME_LENGTH, label=_("Snapshot Name"))

    def __init__(self, request: HttpRequest, *args: Any, instance_id: str, **kwargs: Any):
        super().__init__(request, *args, **kwargs)
        self.instance_id = instance_id

    def handle(self, request: HttpRequest, data: dict[str, Any]) -> bool:
        try:
            instance = nova.server_get(request, self.instance_id)
            nova.snapshot_create(request, self.instance_id, data["name"])
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


class CreateSnapshotView(DialogView, PanelView, forms.ModalFormView):
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
        return {**super().get_form_kwargs(), "instance_id": self.kwargs["instance_id"]}

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
