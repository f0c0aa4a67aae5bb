"""The sentences themselves, by stable code (`rules.md`): what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.portal.domain.languages import mark as _

UNKNOWN: Final = _("This did not work. If it happens again, call support and tell them this number: %(correlation_id)s")

SENTENCES: Final[Mapping[str, str]] = {
    # Anywhere
    "invalid": _("This cannot be taken: look at it again."),
    "required": _("Fill this in."),
    "unavailable": _("Something behind this page is down for a moment. Nothing was changed: try again."),
    "too_many_attempts": _("There were too many attempts: wait a moment, then try again."),
    "forbidden": _("You may not do this."),
    "not_found": _("This is not here, or not yours to see."),
    "changed_meanwhile": _("Somebody else changed this meanwhile. Look at what it is now, then decide again."),
    "already_shown": _("This was shown once already, and is not shown again."),
    "character_not_allowed": _("This has a character that cannot be kept."),
    "idempotency_key_reused": _("This form was sent before with other content: load the page again."),
    "too_large": _("This is too large."),
    # Support's acts on accounts
    "account_locked": _("We have locked this account. Call support."),
    "own_account": _("This is your own account: ask another agent."),
    "account_not_disabled": _("This account is not disabled."),
    "account_not_locked": _("This account is not locked."),
    "number_opted_out": _("This number has opted out of our text messages: choose another way."),
    "second_agent_required": _("You have proposed this yourself: another agent must have it done."),
    "reason_required": _("Write a few words: they stay in the history."),
    # Passwords that managers reset
    "not_yours_to_reset": _(
        "You cannot reset this person’s password: they administer a practice that you do not. They can use Forgot "
        "password on the log-in page."
    ),
    # New addresses that managers vouch for
    "not_yours_to_vouch_for": _(
        "You cannot vouch for this person: it takes an access manager of one of their practices."
    ),
    "vouching_open": _("Somebody has vouched for this person already: our support team will settle that first."),
    "vouching_over": _("This was settled already, or its time is over."),
    "voucher_gone": _("Whoever vouched may no longer do so for this person: reject it, and have another vouch."),
    "own_vouching": _("You have vouched for this yourself: another person must confirm it."),
    "address_known": _("This is the address that the account has already."),
    "stop_unknown": _("This code stops nothing: it was used, or everything is settled. Call us if you are in doubt."),
    # Registration
    "practice_type_required": _("Choose at least one."),
    "practice_type_unknown": _("Choose from the list."),
    "tin_invalid": _("A TIN has nine digits."),
    "tin_duplicate": _("This TIN is already in the list."),
    "too_many_tins": _("These are more TINs than one registration can have."),
    "tins_required": _("Enter a TIN, or choose “I do not have a TIN”."),
    "no_tin_with_tins": _("Either enter TINs, or choose “I do not have a TIN”."),
    "line_required": _("Choose the one that you work in most."),
    "line_not_offered": _("This practice does not offer what you chose as your practice type."),
    "has_manager": _("This practice has an access manager already: leave this open."),
    "nominate_invalid": _("Say who should manage access, or choose “I do not know”."),
    "name_invalid": _("Write a name with letters; it may have apostrophes, hyphens and blanks."),
    "text_invalid": _("Write up to 100 characters on one line."),
    "initial_invalid": _("A middle initial is one letter."),
    "too_long": _("This is too long."),
    "control_characters": _("This has a line break or another character that cannot be kept."),
    "job_role_unknown": _("Choose a job role."),
    "job_role_invalid": _("Choose a job role."),
    "state_invalid": _("Choose a state."),
    "state_unknown": _("Choose a state."),
    "zip_invalid": _("A ZIP code has five digits, or nine with a dash."),
    "phone_invalid": _("Write a phone number with its area code, such as 860-555-0142."),
    "extension_invalid": _("An extension has digits only."),
    "email_invalid": _("Write an e-mail address, such as name@example.com."),
    "email_domain_unknown": _("No mail can be sent to this address: look for a typing error."),
    "email_mismatch": _("The two e-mail addresses are not the same."),
    "password_mismatch": _("The two passwords are not the same."),
    "language_unknown": _("Choose English or Spanish."),
    "language_invalid": _("Choose English or Spanish."),
    "user_id_taken": _("This user ID is taken: choose another."),
    "user_id_invalid": _("A user ID has 6 to 32 letters, digits, dots, dashes or underscores; a letter comes first."),
    "user_id_reserved": _("This user ID is reserved: choose another."),
    "password_weak": _("Choose a stronger password."),
    "date_of_birth_invalid": _("Write your date of birth. You must be 18 or older."),
    "question_unknown": _("Choose a question."),
    "question_duplicate": _("Choose two different questions."),
    "question_twice": _("Choose two different questions."),
    "answer_invalid": _("Write an answer."),
    "two_answers_required": _("Answer two questions."),
    "two_answers_needed": _("Answer two questions."),
    "temporary_id_unknown": _(
        "There is no invitation with this temporary ID and password. Type both exactly as printed: small and capital "
        "letters differ."
    ),
    "temporary_id_voided": _(
        "Too many wrong passwords were tried with this temporary ID. Ask whoever gave it to you for a new one."
    ),
    "temporary_id_expired": _("This temporary ID has expired. Ask whoever gave it to you for a new one."),
    "temporary_id_used": _("This temporary ID was used already. Ask whoever gave it to you for a new one."),
    "temporary_id_revoked": _("This temporary ID was taken back. Ask whoever gave it to you for a new one."),
    "tins_with_temporary_id": _("With a temporary ID no TINs are needed: load the page again."),
    "person_duplicate": _("This e-mail address stands in the list twice."),
    "invitation_not_open": _("This invitation was used or has ended: look at the list again."),
    "registration_taken": _("This registration was completed already: log in."),
    # Sign-in
    "sign_in_failed": _("The user ID or the password is wrong."),
    "password_wrong": _("This is not your present password."),
    "account_disabled": _("This account is disabled. Call support to have it reactivated."),
    "already_confirmed": _("Your e-mail address is confirmed already: log in."),
    "authorization_over": _("This took too long: log in again."),
    "code_wrong": _("This is not the code from our latest message."),
    "code_expired": _("This code is no longer valid: have a new one sent."),
    "method_unknown": _("Choose where we should send the code."),
    "too_many_authenticators": _("You have as many of these as anybody may have: remove one first."),
    "passkey_refused": _("The passkey was not made: try again."),
    "passkey_known": _("This key was added before: use another one."),
    # Contacts
    "contact_known": _("You have this contact already."),
    "too_many_contacts": _("You have as many contacts of this kind as anybody may have: remove one first."),
    "last_contact": _("This is your only verified e-mail address: change it, or verify another one first."),
    "already_verified": _("This contact is verified already."),
    "kind_fixed": _("A contact stays what it is: add the other one instead."),
    "undo_not_valid": _("This code undoes nothing, or nothing any more: use the latest message, or call us."),
    # Outreach
    "account_unknown": _("Nobody has registered with this user ID."),
    "user_is_support": _("Support agents manage no practice."),
    "account_not_active": _("This account is not confirmed, or it is disabled."),
    "no_open_case": _("No outreach case is open for this practice and line: open one first."),
    "proposal_open": _("A proposal for this practice awaits a second agent: it has to be decided first."),
    "no_proposal": _("This proposal was decided meanwhile: look at the case again."),
    "already_manager": _("This person is an access manager there already."),
    "not_a_manager": _("This person is no access manager there."),
    "second_agent_needed": _("You proposed this yourself: a second agent has to confirm it."),
    "own_appointment": _("Nobody decides about themselves: leave this to other agents."),
    # Access
    "not_yours_to_give": _("You can only give what you may give."),
    "request_already_open": _("You wait for access to this practice already."),
    "access_already_held": _("You have access to this practice already."),
    "too_many_requests_open": _("You wait for as many decisions as anybody may: take a request back first."),
    "not_yours_to_decide": _("This request is not yours to decide."),
    "wrong_form": _("This has a character that cannot be kept."),
    "until_past": _("The last day must lie ahead."),
    "place_duplicate": _("A practice stands in the table twice: load the page again."),
    "function_unknown": _("A function is not known any more: load the page again."),
    "period_ends_before_it_begins": _("Choose an end that is not before the beginning."),
    "moment_invalid": _("Write this as a date."),
    "request_already_decided": _("Somebody else has decided about this request already."),
    "last_manager": _("A practice needs at least one access manager: name another one first."),
    "too_many_managers": _("This practice has as many access managers as it can have."),
    "user_unknown": _("Somebody among those selected is not yours to see any more: select them again."),
    "too_many_at_once": _("These are too many people and practices at once: do it in parts."),
    "review_already_open": _("There is an open review of this practice already: decide about it first."),
    "already_reviewed": _("Somebody else has decided about some of this already: look at the review again."),
    "own_access_review": _("Nobody reviews their own access: another access manager does, or our support."),
    "already_undone": _("This was undone already."),
    "undo_too_late": _("This can be undone for 24 hours only: change what is to be different by hand."),
    "step_up_required": _("To do this, confirm again that it is you."),
}

WAIT: Final[Mapping[str, tuple[str, str]]] = {
    "too_many_attempts": (
        _("Wait %(seconds)s seconds, then try again."),
        _("There were too many attempts. Wait %(minutes)s minutes, then try again."),
    ),
}
"""Where it is known how long to wait: in seconds for up to a minute, else in minutes."""

DETAILS: Final[Mapping[str, str]] = {
    text: text
    for text in (
        _("The password is too short: it needs 12 characters or more."),
        _("The password is too long: it can have up to 128 characters."),
        _("The password is among those that are known or tried first: choose one nobody else would."),
        _("The password contains your user ID, your name or your e-mail address: leave them out."),
        _("The password contains the name of this product: leave it out."),
    )
}
"""Explanations by the API itself that say more than their code."""
