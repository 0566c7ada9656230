# SPDX-License-Identifier: Apache-2.0
"""Glance's schemas, each checked once.

Glance validates what it gets by a schema, and jsonschema checks that schema by the schema of
schemas each time, which takes far longer than the validation.
"""

import json
from types import SimpleNamespace
from typing import Any

import jsonschema
from glance import schema as glance_schema

_valid: set[str] = set()


def check_once() -> None:
    """Let Glance remember in this process which schemas are valid."""
    glance_schema.jsonschema = SimpleNamespace(
        validate=_validate, ValidationError=jsonschema.ValidationError
    )


def _validate(instance: Any, schema: Any) -> None:
    """As `jsonschema.validate`."""
    validator = jsonschema.validators.validator_for(schema)
    if (text := json.dumps(schema, sort_keys=True)) not in _valid:
        validator.check_schema(schema)
        _valid.add(text)
    error = jsonschema.exceptions.best_match(validator(schema).iter_errors(instance))
    if error is not None:
        raise error
