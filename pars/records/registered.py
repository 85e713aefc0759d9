"""Every kind of record that operators can look at, by group.

Left out: what stages a file's rows, what chains the audit trail, sessions and second factors, rows that a batch's own
page shows, and tables without a key of one column.
"""

from . import credit, organizations, registry, uploads
from .site import site

__all__ = ["credit", "organizations", "registry", "site", "uploads"]
