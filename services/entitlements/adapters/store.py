"""Entitlements' database within one transaction."""

from __future__ import annotations

from sqlalchemy import Connection

from services.entitlements.adapters.accesses import SqlAccesses
from services.entitlements.adapters.bulk_changes import SqlBulkChanges
from services.entitlements.adapters.listings import SqlListings
from services.entitlements.adapters.people import SqlPeople
from services.entitlements.adapters.practices import SqlPracticeLines, SqlPractices
from services.entitlements.adapters.relinings import SqlRelinings
from services.entitlements.adapters.requests import SqlRequests
from services.entitlements.adapters.reviews import SqlReviews
from services.entitlements.adapters.suspensions import SqlSuspensions


class SqlStore:
    """`Store` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self.people = SqlPeople(connection)
        self.practices = SqlPractices(connection)
        self.lines = SqlPracticeLines(connection)
        self.accesses = SqlAccesses(connection)
        self.suspensions = SqlSuspensions(connection)
        self.relinings = SqlRelinings(connection)
        self.reviews = SqlReviews(connection)
        self.bulk_changes = SqlBulkChanges(connection)
        self.requests = SqlRequests(connection)
        self.listings = SqlListings(connection)
