"""The repositories of one transaction."""

from __future__ import annotations

from sqlalchemy import Connection

from services.registration.adapters.accounts import SqlKnownAccounts
from services.registration.adapters.case_work import SqlCaseWork
from services.registration.adapters.erasure import SqlErasure
from services.registration.adapters.imports import SqlImports
from services.registration.adapters.invitations import SqlInvitations
from services.registration.adapters.managers import SqlPracticeManagers
from services.registration.adapters.outreach import SqlOutreach
from services.registration.adapters.practices import SqlPractices
from services.registration.adapters.registrations import SqlRegistrations


class SqlStore:
    """`Store` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self.practices = SqlPractices(connection)
        self.registrations = SqlRegistrations(connection)
        self.managers = SqlPracticeManagers(connection)
        self.outreach = SqlOutreach(connection)
        self.imports = SqlImports(connection)
        self.invitations = SqlInvitations(connection)
        self.case_work = SqlCaseWork(connection)
        self.accounts = SqlKnownAccounts(connection)
        self.erasure = SqlErasure(connection)
