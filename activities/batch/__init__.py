"""Activities, and learner counts of activities, as batch kinds."""

from datetime import date

from pars.access.roles import Permission
from pars.batches.kinds import Checker, Kind
from pars.batches.models import Batch
from pars.batches.readers import Header

from .check import STAGING, checker, counts_checker
from .columns import COUNTS_LAYOUT, LAYOUT
from .documents import as_table, document_checker, is_documents
from .landing import GATHER, land
from .sentences import SENTENCES

ROWS_A_CHUNK = 1_000


def _checker(batch: Batch, header: Header, today: date) -> Checker:
    if is_documents(header):
        return document_checker(header, own=batch.organization.code)
    return checker(header)


def _counts_checker(batch: Batch, header: Header, today: date) -> Checker:
    return counts_checker(header)


ACTIVITIES = Kind(
    name="activities",
    title="Activities",
    layout=LAYOUT,
    sentences=SENTENCES,
    staging=STAGING,
    checker=_checker,
    land=land,
    permission=Permission.REPORT,
    gather=GATHER,
    template="activity-template",
    on_record="activity-files",
    as_table=as_table,
    rows_a_chunk=ROWS_A_CHUNK,
)
COUNTS = Kind(
    name="activity-counts",
    title="Learner counts",
    layout=COUNTS_LAYOUT,
    sentences=SENTENCES,
    staging=STAGING,
    checker=_counts_checker,
    land=land,
    permission=Permission.REPORT,
    gather=GATHER,
    template="activity-counts-workbook",
    rows_a_chunk=ROWS_A_CHUNK,
)
