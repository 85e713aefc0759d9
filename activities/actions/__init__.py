"""What a provider does with its activities. Every verb is atomic, and its audit event is in its transaction."""

from .amending import amend
from .keeping import Counted, Instance, Put, put, repeat, update_counts
from .lifecycle import (
    ActivityIsClosed,
    CreditsHang,
    NotClosed,
    NotReadyToClose,
    Reason,
    close,
    close_many,
    copy,
    delete,
    delete_many,
    reopen,
)

__all__ = [
    "ActivityIsClosed",
    "Counted",
    "CreditsHang",
    "Instance",
    "NotClosed",
    "NotReadyToClose",
    "Put",
    "Reason",
    "amend",
    "close",
    "close_many",
    "copy",
    "delete",
    "delete_many",
    "put",
    "reopen",
    "repeat",
    "update_counts",
]
