"""What registration's use cases need of the world: its own database's repositories, and what lies outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.kernel.clock import Clock
from chassis.kernel.errors import Fault
from services.registration.application.case_search import CaseSearch, Place
from services.registration.application.invitation_search import InvitationSearch
from services.registration.application.people_documents import PeopleDocuments
from services.registration.application.people_file import ReadPeople
from services.registration.domain.accounts import Account, AccountState
from services.registration.domain.catalogue import Catalogue
from services.registration.domain.form import Credentials
from services.registration.domain.invitations import Invitation, InvitationRules, PreparedAccess
from services.registration.domain.lines import Line
from services.registration.domain.outreach import DUE_AFTER, Attempt, OutreachCase, Waiting
from services.registration.domain.people_imports import FunctionWord, ImportedPerson, PeopleImport
from services.registration.domain.practices import Kept, Practice
from services.registration.domain.proposals import Proposal
from services.registration.domain.registrations import Registration, RequestState
from services.registration.domain.review import Managers, ReviewRules
from services.registration.domain.violations import Verdict


class Practices(Protocol):
    """The directory (REG-17)."""

    def named(self, tins: Collection[str]) -> Mapping[str, Practice]:
        """The practices of these TINs; those that the directory does not know are left out."""

    def kept(self, tins: Sequence[str]) -> Mapping[str, Kept]:
        """All that the directory has of these TINs, locked until the transaction ends."""

    def write(self, rows: Sequence[Kept]) -> None:
        """Insert or replace practices."""


class Registrations(Protocol):
    """What was submitted, and the state of its requests."""

    def get(self, registration_id: UUID) -> Registration | None:
        """The registration with its requests in the order in which they were made."""

    def add(self, registration: Registration) -> bool:
        """Write it down; False, and nothing done, where its id is there already."""

    def confirmed(self, registration_id: UUID) -> None:
        """Note that its e-mail address was confirmed; one that is not here is passed over."""

    def lapse(self, submitted_before: datetime, limit: int) -> Sequence[Registration]:
        """Note of at most `limit` unconfirmed ones, submitted then or earlier, that they have lapsed; returns them,
        those that wait longest first.
        """

    def count_lapsing(self, submitted_before: datetime) -> int:
        """How many `lapse` would find."""

    def count_standing(self, submitted_by: datetime) -> int:
        """How many there are, submitted by then, that did not lapse."""

    def end(self, registration_id: UUID) -> None:
        """Note that it lapsed and its requests expired, and forget everything personal in them; one that is not here
        is passed over.
        """

    def request_is(self, request_id: UUID, state: RequestState) -> None:
        """Note where a request stands now; one that was not made by a registration is passed over."""

    def with_request(self, request_id: UUID) -> Registration | None:
        """The registration that made the request, None for one that was made otherwise."""

    def moved(self, request_ids: Collection[UUID], before: RequestState, after: RequestState) -> None:
        """Note of those of these requests that stand at `before` that they stand at `after`."""


class PracticeManagers(Protocol):
    """Who manages which practice, as entitlements last told."""

    def of(self, tins: Collection[str]) -> Managers:
        """The managers of these TINs, by TIN and line."""

    def replace(self, tin: str, line: Line, managers: Collection[str]) -> None:
        """Keep these as the managers of the TIN and line, in place of those before."""


class Outreach(Protocol):
    """Support's cases (REG-13)."""

    def open(self, case: OutreachCase) -> OutreachCase:
        """Open the case, or return the one that is open for its TIN and line already."""

    def join(self, case_id: UUID, waiting: Waiting) -> None:
        """Put a request on the case's waiting list, or back on it."""

    def leave(self, request_id: UUID) -> None:
        """Take a request off every waiting list."""

    def forget(self, user_id: str) -> None:
        """Forget what is personal of somebody on any waiting list."""

    def of_tin(self, tin: str) -> Sequence[OutreachCase]:
        """Every case of the TIN, the open ones first, then the latest."""

    def open_at(self, tin: str) -> Sequence[OutreachCase]:
        """The open cases of the TIN, in the order of lines, locked until the transaction ends."""

    def close(self, case: OutreachCase) -> None:
        """Keep how a case ended."""

    def page(self, search: CaseSearch, after: Place | None, limit: int) -> Sequence[OutreachCase]:
        """Cases by due date and id, closed ones the last closed first, from behind `after`."""

    def take_overdue(self, as_of: datetime, limit: int) -> Sequence[OutreachCase]:
        """At most `limit` open ones that are due by then and were never taken so, locked; noted as taken."""

    def count_overdue(self, as_of: datetime) -> int:
        """How many `take_overdue` would find."""


class CaseWork(Protocol):
    """What support does in cases (REG-13)."""

    def note(self, attempt: Attempt) -> None:
        """Keep an attempt to reach a practice."""

    def propose(self, proposal: Proposal) -> bool:
        """Keep a new proposal; False, and nothing done, where one of its TIN is undecided."""

    def undecided(self, tin: str) -> Proposal | None:
        """The TIN's undecided proposal, locked until the transaction ends."""

    def proposal(self, proposal_id: UUID) -> Proposal | None:
        """One of them, locked until the transaction ends."""

    def save(self, proposal: Proposal) -> None:
        """Keep the next state of a proposal."""


class KnownAccounts(Protocol):
    """Accounts, as identity told of them."""

    def of(self, user_ids: Collection[str]) -> Mapping[str, Account]:
        """Those of these accounts that are known."""

    def put(self, account: Account) -> None:
        """Keep it in place of what was known; when they last signed in stays as it is."""

    def state_is(self, user_id: str, state: AccountState) -> None:
        """Note how far an account is now; one that is not known is passed over."""

    def signed_in(self, user_id: str, at: datetime) -> None:
        """Note that somebody signed in; one who is not known is passed over."""

    def forget(self, user_id: str) -> None:
        """Drop what is known of an account."""


class Invitations(Protocol):
    """Invitations, with the access that they carry (REG-14, REG-15)."""

    def get(self, invitation_id: UUID) -> Invitation | None:
        """The invitation as it stands."""

    def lock(self, invitation_id: UUID) -> Invitation | None:
        """The same, which nobody else locks until the transaction ends."""

    def with_temporary_id(self, temporary_id: str) -> Invitation | None:
        """The invitation of this temporary ID, exactly as written."""

    def lock_claimed(self, registration_id: UUID) -> Invitation | None:
        """The unconfirmed invitation of this registration, locked."""

    def taken(self, temporary_ids: Collection[str]) -> frozenset[str]:
        """Those of these temporary IDs that an invitation has."""

    def of(self, invitation_ids: Sequence[UUID]) -> Sequence[Invitation]:
        """These invitations, in this order; one that is not there is left out."""

    def give_passwords(self, invitations: Sequence[Invitation]) -> None:
        """Keep the hashes of passwords of invitations that had none."""

    def add(self, invitations: Sequence[Invitation]) -> None:
        """Keep new invitations."""

    def save(self, invitation: Invitation) -> None:
        """Keep the next state of an invitation, whose person and access are as they were."""

    def rewrite(self, invitation: Invitation) -> None:
        """Keep the next state of an invitation, with its person and access."""

    def page(self, sought: InvitationSearch, before: UUID | None, limit: int) -> Sequence[Invitation]:
        """Those that are sought, the newest first; at most `limit`, from behind `before`."""

    def overdue(self, as_of: datetime, limit: int) -> Sequence[Invitation]:
        """At most `limit` of the open ones that end by then, locked."""

    def count_overdue(self, as_of: datetime) -> int:
        """How many there are."""

    def unannounced(self, after: datetime, until: datetime, limit: int) -> Sequence[Invitation]:
        """At most `limit` of the open ones that end between the two and of whose end nobody was told, locked."""

    def count_unannounced(self, after: datetime, until: datetime) -> int:
        """How many there are."""

    def forget(self, user_id: str) -> None:
        """Drop what is personal in those that this account has redeemed."""

    def unredeemed(self, ended_by: datetime, limit: int) -> Sequence[Invitation]:
        """At most `limit` of those that ended by then without anybody having redeemed them, and of which it is known
        still whom they were for, locked.
        """

    def count_unredeemed(self, ended_by: datetime) -> int:
        """How many there are."""

    def forget_invitees(self, forgotten: Sequence[Invitation]) -> None:
        """Drop what is personal in these."""


class Imports(Protocol):
    """Files of people to add (REG-16)."""

    def get(self, import_id: UUID) -> PeopleImport | None:
        """The import as it stands."""

    def lock(self, import_id: UUID) -> PeopleImport | None:
        """The same, which nobody else locks until the transaction ends."""

    def lock_running(self, import_id: UUID) -> PeopleImport | None:
        """The same, locked, if it runs; None as well where another has it."""

    def next_running(self, after: UUID | None) -> PeopleImport | None:
        """One that runs, after this one in a fixed order that begins anew at its end; None where none does."""

    def page(self, uploaded_by: str, before: tuple[datetime, UUID] | None, limit: int) -> Sequence[PeopleImport]:
        """Those of one person by when they were made, the newest first, from behind `before`."""

    def add(self, new: PeopleImport, people: Sequence[ImportedPerson]) -> None:
        """Keep a new import with its people."""

    def save(self, changed: PeopleImport) -> None:
        """Keep the next state of an import."""

    def people(self, import_id: UUID) -> Sequence[ImportedPerson]:
        """Its people in the order of the file, as long as they are not invited."""

    def without_temporary_id(self, import_id: UUID, limit: int) -> Sequence[ImportedPerson]:
        """The first of them for whom none was drawn as yet."""

    def draw(self, import_id: UUID, people: Sequence[ImportedPerson]) -> None:
        """Keep the temporary IDs of these people."""

    def invited(self, import_id: UUID, invitation_ids: Sequence[UUID]) -> None:
        """Note everybody's invitation, in the order of the file; what is personal is forgotten here."""

    def forget_people(self, import_id: UUID) -> None:
        """Drop its people: nobody will be invited."""

    def invitation_ids(self, import_id: UUID) -> Sequence[tuple[UUID, tuple[int, ...]]]:
        """Everybody's invitation in the order of the file, with the numbers of the rows that it was made of."""

    def drop(self, unconfirmed_before: datetime, ended_before: datetime, limit: int) -> int:
        """Drop at most `limit` of those that nobody confirmed, and of those that ended, by then; how many it were."""

    def count_stale(self, unconfirmed_before: datetime, ended_before: datetime) -> int:
        """How many `drop` would find."""


class Erasure(Protocol):
    """What is personal about an applicant, wherever it is kept."""

    def forget(self, user_id: str) -> None:
        """Drop it."""


class Store(Protocol):
    """The service's database within one transaction."""

    @property
    def practices(self) -> Practices: ...

    @property
    def registrations(self) -> Registrations: ...

    @property
    def managers(self) -> PracticeManagers: ...

    @property
    def outreach(self) -> Outreach: ...

    @property
    def imports(self) -> Imports: ...

    @property
    def invitations(self) -> Invitations: ...

    @property
    def case_work(self) -> CaseWork: ...

    @property
    def accounts(self) -> KnownAccounts: ...

    @property
    def erasure(self) -> Erasure: ...


@dataclass(frozen=True, slots=True)
class AccountWish:
    """The account that an applicant wants, or what is known of it so far.

    `person` is in the events' form (`first_name`, …, `email`, `address`), with what has been given so far.
    """

    credentials: Credentials
    site: str
    language: str
    person: Mapping[str, object]
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What identity finds wrong with a wish; `suggestions` are free user IDs where the wished one is taken."""

    faults: tuple[Fault, ...]
    suggestions: tuple[str, ...] = ()


class Accounts(Protocol):
    """Identity, the one owner of the rules for user IDs, passwords, birth dates and answers (REG-6 to REG-8).

    Every method raises `UnavailableError` while identity cannot be asked.
    """

    def judge(self, wish: AccountWish) -> Judgement:
        """Look at any part of a wish; nothing is kept."""

    def reserve(self, registration_id: UUID, wish: AccountWish) -> str:
        """Reserve the account, and return its canonical user ID.

        The same registration may ask again and gets the same. Raises `WishRefusedError` with every fault.
        """


class Delegation(Protocol):
    """Entitlements, the one owner of the rules for what anybody may give (GO-2)."""

    def judge(
        self, giver: str, prepared: Sequence[tuple[PreparedAccess, ...]], correlation_id: str
    ) -> Sequence[Verdict]:
        """What is wrong with each of these, were this person to prepare it for somebody who has nothing yet.

        Raises `UnavailableError` while entitlements cannot be asked.
        """

    def functions(self, correlation_id: str) -> Sequence[FunctionWord]:
        """The functions that can be given at all (ENT-1); raises `UnavailableError`."""


@dataclass(frozen=True, slots=True)
class TemporaryPassword:
    """A temporary password: shown once as `plain`, kept as `hashed`."""

    plain: str = field(repr=False)
    hashed: str


class TemporarySecrets(Protocol):
    """Makes temporary IDs and passwords, out of an unambiguous alphabet (REG-15)."""

    def identifier(self) -> str:
        """A temporary ID: 8 characters."""

    def passwords(self, count: int) -> Sequence[TemporaryPassword]:
        """So many temporary passwords of 10 characters. Takes milliseconds for each: call it outside of writing
        transactions. Raises `UnavailableError` where too many others hash at the same time.
        """

    def matches(self, hashed: str | None, plain: str) -> bool:
        """Whether this is the password that was hashed; takes as long where there is none (None), and is False then."""


class MailDomains(Protocol):
    """Which domains take mail."""

    def take_mail(self, address: str) -> bool:
        """Whether mail to the address has a server to go to; True as well where that cannot be told now."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What the use cases are handed besides the unit of work."""

    clock: Clock
    accounts: Accounts
    mail_domains: MailDomains
    rules: ReviewRules
    delegation: Delegation
    temporary: TemporarySecrets
    people_files: Mapping[str, ReadPeople]
    people_documents: PeopleDocuments
    zone: ZoneInfo
    confirm_within: timedelta = timedelta(days=7)
    invitations: InvitationRules = field(default_factory=InvitationRules)
    outreach_within: timedelta = DUE_AFTER

    @property
    def catalogue(self) -> Catalogue:
        """The lists on offer."""
        return self.rules.catalogue
