# SPDX-License-Identifier: Apache-2.0
"""Nova, Placement, Neutron and Cinder beside the demo, without a hypervisor.

They run in a Python environment of their own. The modules that end with ``_process``,
``_driver`` or ``_tables`` are imported there, and import of the demo only each other and
``demo.sqlite``. All others belong to the demo's own environment.
"""
