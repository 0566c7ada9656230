# SPDX-License-Identifier: Apache-2.0
"""Makes the tables of Neutron's models in the database whose URL is the argument."""

import sys

from neutron.db.migration.models import head  # noqa: F401 (registers all models)
from neutron_lib.db import model_base
from sqlalchemy import create_engine

model_base.BASEV2.metadata.create_all(create_engine(sys.argv[1]))
