"""Submit a registration: an account is reserved at identity, then registration and requests are written (REG-9).

A kill between the two leaves a reservation that nobody sees and that lapses by itself; the same submit again meets it
under the same registration's id, and goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.errors import (
    KeyReusedError,
    RegistrationInvalidError,
    TemporaryIdMissedError,
)
from services.registration.application.opening_invitations import Knock, count_miss, take
from services.registration.application.ports import Judgement, Ports, Store
from services.registration.application.reviewing import judged, knock_with, mail_fault, review_form, wish_for
from services.registration.application.show_registration import ShownRegistration, shown
from services.registration.domain.events import RegistrationSubmitted
from services.registration.domain.form import Form
from services.registration.domain.invitations import Invitation
from services.registration.domain.lines import in_order
from services.registration.domain.registrations import AccessRequest, Registration
from services.registration.domain.review import Review

REPEATED_WITHIN = timedelta(hours=24)
"""So long the same id means the same submit; who brings it later is told nothing of the registration."""


@dataclass(frozen=True, slots=True)
class SubmitRegistration(Command):
    """The whole form. `registration_id` is the same whenever the same submit comes again."""

    registration_id: UUID
    form: Form
    site: str


def submit_registration(command: SubmitRegistration, work: UnitOfWork[Store], ports: Ports) -> ShownRegistration:
    """Register the applicant, once.

    Raises `RegistrationInvalidError` with every fault at once, `UserIdTakenError` where nothing else is wrong,
    `UnavailableError` where identity cannot be reached.
    """
    with work.reading() as store:
        reviewed, _ = review_form(command.form, store, ports, whole=True)
    knocked = knock_with(command.form, work, ports, command.registration_id)
    wish = wish_for(command.form, reviewed, command.site, work.cause.correlation_id)
    faults = (*reviewed.faults, *([knocked.fault] if knocked.fault else []), *mail_fault(reviewed, ports))
    if faults:
        judgement = judged(wish, faults, ports)
        raise _refused(judgement, knocked, work, ports)
    user_id = ports.accounts.reserve(command.registration_id, wish)
    return _write(command, knocked.invitation, user_id, work, ports)


def _refused(judgement: Judgement, knocked: Knock, work: UnitOfWork[Store], ports: Ports) -> RegistrationInvalidError:
    """The refusal; a wrong temporary password among the faults counts, whatever else is wrong (REG-14)."""
    if knocked.missed is None:
        return RegistrationInvalidError(judgement.faults, judgement.suggestions)
    told = count_miss(knocked, work, ports)
    faults = [told if told and fault == knocked.fault else fault for fault in judgement.faults]
    return TemporaryIdMissedError(faults, judgement.suggestions)


def _write(
    command: SubmitRegistration, opened: Invitation | None, user_id: str, work: UnitOfWork[Store], ports: Ports
) -> ShownRegistration:
    store, now = work.writing(), ports.clock.now()
    reviewed, directory = review_form(command.form, store, ports, whole=True)
    invitation, fault = take(opened, store, now, command.registration_id) if opened else (None, None)
    faults = (*reviewed.faults, *([fault] if fault else []))
    if faults:  # the directory, a practice's managers or the invitation changed meanwhile; the reservation lapses
        raise RegistrationInvalidError(faults)
    registration = _registration(command, reviewed, invitation, user_id, now)
    if store.registrations.add(registration):
        if invitation is not None:
            store.invitations.save(invitation.claimed(registration.id))
        work.record(RegistrationSubmitted(registration))
        return shown(registration, directory.managers)
    earlier = store.registrations.get(command.registration_id)
    if earlier is None or not _is_repeat(registration, earlier):
        raise KeyReusedError("This Idempotency-Key named another registration: use a new one.")
    return shown(earlier, directory.managers)


def _is_repeat(later: Registration, earlier: Registration) -> bool:
    return later.user_id == earlier.user_id and later.submitted_at - earlier.submitted_at <= REPEATED_WITHIN


def _registration(
    command: SubmitRegistration, reviewed: Review, invitation: Invitation | None, user_id: str, now: datetime
) -> Registration:
    invited = in_order(access.line for access in invitation.access) if invitation else ()
    requests = tuple(
        AccessRequest(
            id=new_id(),
            tin=choice.tin,
            line=choice.line,
            practice=choice.practice.name if choice.practice else None,
            nomination=reviewed.nominations.get(choice.row),
        )
        for choice in reviewed.choices
        if choice.tin is not None and choice.line is not None
    )
    return Registration(
        id=command.registration_id,
        user_id=user_id,
        site=command.site,
        practice_type=reviewed.practice_type or invited,
        no_tin=command.form.no_tin,
        submitted_at=now,
        profile=reviewed.profile,
        requests=requests,
        temporary_id=invitation.temporary_id if invitation else None,
    )
