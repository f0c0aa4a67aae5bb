"""What preview and submit share: the form is judged here, and by identity where the rules are identity's (REG-9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from chassis.kernel.errors import Fault, UnavailableError
from chassis.kernel.work import UnitOfWork
from services.registration.application.opening_invitations import Knock, Typed, knock
from services.registration.application.people import person_of, person_so_far
from services.registration.application.ports import AccountWish, Judgement, Ports, Store
from services.registration.domain.form import Form
from services.registration.domain.profile import LANGUAGES
from services.registration.domain.review import Directory, Review, review, tins_named


def review_form(form: Form, store: Store, ports: Ports, *, whole: bool) -> tuple[Review, Directory]:
    """Judge the form against the directory as it is in this transaction."""
    tins = tins_named(form, ports.rules.most_tins)
    directory = Directory(store.practices.named(tins), store.managers.of(tins))
    return review(form, directory, ports.rules, whole=whole), directory


def knock_with(form: Form, work: UnitOfWork[Store], ports: Ports, registration_id: UUID | None = None) -> Knock:
    """What the form's temporary ID and password open; nothing, and no fault, where it has not both (REG-14)."""
    if form.temporary_id is None or form.temporary_password is None:
        return Knock()
    return knock(Typed(form.temporary_id, form.temporary_password), work, ports, registration_id)


def wish_for(form: Form, reviewed: Review, site: str, correlation_id: str) -> AccountWish:
    """The account that the form asks for, with what is known of the person so far."""
    profile, credentials = reviewed.profile, form.credentials
    if any(fault.pointer == "/date_of_birth" for fault in reviewed.faults):
        credentials = replace(credentials, date_of_birth=None)  # identity would judge nothing else for it
    return AccountWish(
        credentials=credentials,
        site=site,
        language=profile.language if profile else LANGUAGES[0],
        person=person_of(profile) if profile else person_so_far(form),
        correlation_id=correlation_id,
    )


def judged(wish: AccountWish, faults: Sequence[Fault], ports: Ports) -> Judgement:
    """These faults with identity's behind them, each place told once.

    Where identity cannot be asked, faults found here are told alone: they are true, and to be mended anyway.
    """
    if not wish.credentials.any:
        return Judgement(tuple(faults))
    try:
        judgement = ports.accounts.judge(wish)
    except UnavailableError:
        if not faults:
            raise
        return Judgement(tuple(faults))
    told = {fault.pointer for fault in faults}
    further = tuple(fault for fault in judgement.faults if fault.pointer not in told)
    return Judgement((*faults, *further), judgement.suggestions)


def mail_fault(reviewed: Review, ports: Ports) -> tuple[Fault, ...]:
    """Whether the applicant's e-mail address cannot be written to; asked outside of any transaction."""
    if reviewed.profile is None or ports.mail_domains.take_mail(reviewed.profile.email):
        return ()
    return (Fault("/profile/email", "email_domain_unknown", "No mail server takes mail for this address."),)
