# SPDX-License-Identifier: Apache-2.0
"""The choice of the store for an image's data, in each dialog that sends or imports data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms as django_forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _eager
from django.utils.translation import gettext_lazy as _
from horizon import forms

from helion_images_panel.api.stores import Store


def store_field(attributes: Mapping[str, str | Promise] | None = None) -> forms.ChoiceField:
    """:param attributes: HTML attributes of the control"""
    return forms.ChoiceField(
        label=_("Store"),
        required=False,
        help_text=_("The store in which the image service keeps the data."),
        widget=django_forms.Select(attrs=dict(attributes or {})),
    )


def offer_stores(form: django_forms.BaseForm, stores: Sequence[Store]) -> None:
    """Offer the writable stores, if there are several."""
    writable = [store for store in stores if not store.is_read_only]
    if len(writable) < 2:
        del form.fields["store"]
        return
    form.fields["store"].choices = [(store.id, _label(store)) for store in writable]
    form.fields["store"].initial = next(
        (store.id for store in writable if store.is_default), writable[0].id
    )


def _label(store: Store) -> str:
    values = {"store": store.id, "description": store.description}
    if store.is_default and store.description:
        return _eager("%(store)s (default) – %(description)s") % values
    if store.is_default:
        return _eager("%(store)s (default)") % values
    return _eager("%(store)s – %(description)s") % values if store.description else store.id
