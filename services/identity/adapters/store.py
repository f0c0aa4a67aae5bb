"""The store of one transaction over SQL."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Connection

from services.identity.adapters.sql_accounts import SqlAccounts, SqlAnswers
from services.identity.adapters.sql_authorizations import (
    SqlAuthorizationCodes,
    SqlAuthorizationRequests,
    SqlSignInTickets,
)
from services.identity.adapters.sql_clients import SqlClients
from services.identity.adapters.sql_codes import SqlChallenges, SqlCodes
from services.identity.adapters.sql_contact_changes import SqlContactChanges
from services.identity.adapters.sql_devices import SqlDevices, SqlHabits
from services.identity.adapters.sql_erasure import SqlErasure
from services.identity.adapters.sql_erasure_proposals import SqlErasureProposals
from services.identity.adapters.sql_held_access import SqlHeldAccess
from services.identity.adapters.sql_idle_accounts import SqlIdleAccounts
from services.identity.adapters.sql_limits import SqlBudgets, SqlFailureCounts
from services.identity.adapters.sql_logouts import SqlLogouts
from services.identity.adapters.sql_means import SqlSecondSteps
from services.identity.adapters.sql_opt_outs import SqlOptOuts
from services.identity.adapters.sql_passkeys import SqlPasskeys, SqlPasskeySignIns
from services.identity.adapters.sql_recoveries import SqlRecoveries
from services.identity.adapters.sql_reservations import SqlReservations, SqlUserIds
from services.identity.adapters.sql_second_steps import SqlAuthenticators, SqlRecoveryCodes
from services.identity.adapters.sql_sessions import SqlEndedSessions, SqlRefreshTokens, SqlSessions
from services.identity.adapters.sql_signing_keys import SqlSigningKeys
from services.identity.adapters.sql_standings import SqlStandings
from services.identity.adapters.sql_vouchings import SqlVouchings


class SqlStore:
    """`Store` on an open connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def accounts(self) -> SqlAccounts:
        return SqlAccounts(self._connection)

    @cached_property
    def answers(self) -> SqlAnswers:
        return SqlAnswers(self._connection)

    @cached_property
    def authenticators(self) -> SqlAuthenticators:
        return SqlAuthenticators(self._connection)

    @cached_property
    def authorization_codes(self) -> SqlAuthorizationCodes:
        return SqlAuthorizationCodes(self._connection)

    @cached_property
    def authorization_requests(self) -> SqlAuthorizationRequests:
        return SqlAuthorizationRequests(self._connection)

    @cached_property
    def budgets(self) -> SqlBudgets:
        return SqlBudgets(self._connection)

    @cached_property
    def challenges(self) -> SqlChallenges:
        return SqlChallenges(self._connection)

    @cached_property
    def clients(self) -> SqlClients:
        return SqlClients(self._connection)

    @cached_property
    def codes(self) -> SqlCodes:
        return SqlCodes(self._connection)

    @cached_property
    def contact_changes(self) -> SqlContactChanges:
        return SqlContactChanges(self._connection)

    @cached_property
    def devices(self) -> SqlDevices:
        return SqlDevices(self._connection)

    @cached_property
    def ended_sessions(self) -> SqlEndedSessions:
        return SqlEndedSessions(self._connection)

    @cached_property
    def habits(self) -> SqlHabits:
        return SqlHabits(self._connection)

    @cached_property
    def logouts(self) -> SqlLogouts:
        return SqlLogouts(self._connection)

    @cached_property
    def failures(self) -> SqlFailureCounts:
        return SqlFailureCounts(self._connection)

    @cached_property
    def erasure(self) -> SqlErasure:
        return SqlErasure(self._connection)

    @cached_property
    def erasure_proposals(self) -> SqlErasureProposals:
        return SqlErasureProposals(self._connection)

    @cached_property
    def idle_accounts(self) -> SqlIdleAccounts:
        return SqlIdleAccounts(self._connection)

    @cached_property
    def held_access(self) -> SqlHeldAccess:
        return SqlHeldAccess(self._connection)

    @cached_property
    def opt_outs(self) -> SqlOptOuts:
        return SqlOptOuts(self._connection)

    @cached_property
    def passkey_sign_ins(self) -> SqlPasskeySignIns:
        return SqlPasskeySignIns(self._connection)

    @cached_property
    def passkeys(self) -> SqlPasskeys:
        return SqlPasskeys(self._connection)

    @cached_property
    def recoveries(self) -> SqlRecoveries:
        return SqlRecoveries(self._connection)

    @cached_property
    def recovery_codes(self) -> SqlRecoveryCodes:
        return SqlRecoveryCodes(self._connection)

    @cached_property
    def refresh_tokens(self) -> SqlRefreshTokens:
        return SqlRefreshTokens(self._connection)

    @cached_property
    def reservations(self) -> SqlReservations:
        return SqlReservations(self._connection)

    @cached_property
    def second_steps(self) -> SqlSecondSteps:
        return SqlSecondSteps(self._connection)

    @cached_property
    def sessions(self) -> SqlSessions:
        return SqlSessions(self._connection)

    @cached_property
    def sign_in_tickets(self) -> SqlSignInTickets:
        return SqlSignInTickets(self._connection)

    @cached_property
    def signing_keys(self) -> SqlSigningKeys:
        return SqlSigningKeys(self._connection)

    @cached_property
    def standings(self) -> SqlStandings:
        return SqlStandings(self._connection)

    @cached_property
    def user_ids(self) -> SqlUserIds:
        return SqlUserIds(self._connection)

    @cached_property
    def vouchings(self) -> SqlVouchings:
        return SqlVouchings(self._connection)
