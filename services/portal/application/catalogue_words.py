"""Words for codes that the API uses: lines, states, rules. Titles of the catalogues that come with the product are
marked for translation here; an operator's own are shown as they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.portal.domain.languages import mark as _

LINES: Final[Mapping[str, str]] = {
    "medical": _("Medical"),
    "behavioral": _("Behavioral"),
    "dental": _("Dental"),
}

LEVELS: Final[Mapping[str, str]] = {
    "primary": _("Primary administrator"),
    "secondary": _("Secondary administrator"),
    "processor": _("Processor"),
    "auditor": _("Auditor"),
}

INVITATION_STATES: Final[Mapping[str, str]] = {
    "open": _("Not yet used"),
    "unconfirmed": _("Used; the e-mail address is not yet confirmed"),
    "redeemed": _("Used"),
    "expired": _("Expired"),
    "revoked": _("Taken back"),
    "voided": _("Locked after five wrong passwords"),
}

CAUSES: Final[Mapping[str, str]] = {
    "review": _("Nobody decided about it in the access review. An access manager still can."),
    "line_lost": _("The plan no longer lists this line of business for the practice."),
    "account_disabled": _("The account is disabled."),
}
"""What suspends access."""

VIOLATIONS: Final[Mapping[str, str]] = {
    "not_yours_to_give": _("You may not give or take this: you can only change what you administer."),
    "own_level_upward": _("You may not raise your own access level: another access manager has to."),
    "own_until_later": _("You may not put off the end of your own access: another access manager has to."),
    "own_request": _("You may not decide your own request: another access manager has to."),
    "function_not_in_line": _("This line of business does not have this function."),
    "function_not_in_level": _("This access level does not go with this function."),
    "last_manager": _(
        "This is the practice’s last access manager. Name another one first: a practice keeps at least one."
    ),
    "too_many_managers": _("This practice has as many access managers as it can have."),
}
"""What a rule forbids, by the stable code of a violation."""

REQUEST_STATES: Final[Mapping[str, str]] = {
    "awaiting": _("Waiting for an access manager"),
    "no_manager": _("No access manager yet: our support looks for one"),
    "approved": _("Approved"),
    "declined": _("Declined"),
    "withdrawn": _("Withdrawn"),
    "expired": _("Expired: you can ask again"),
}

TITLES: Final = (
    _("Primary administrator"),
    _("Secondary administrator"),
    _("Processor"),
    _("Auditor"),
    _("An access manager: approves, adds, changes and removes users, resets passwords, reads the history."),
    _("Gives processors the functions that they hold themselves, and reads the history."),
    _("Does the work, with the functions that were given."),
    _("Views and downloads the delegation history report, and nothing else."),
    _("Policies, procedures and reference guides"),
    _("Delegate access and view delegation history report"),
    _("View delegation history report"),
    _("Patient eligibility and coverage"),
    _("Claim status and remittance reports"),
    _("Manage remittance report preferences"),
    _("Precertification: view and submit"),
    _("Precertification: view requests"),
    _("Claim adjustment and appeal requests"),
    _("E-mail inquiries and fee schedules"),
    _("View electronic funds transfer enrollment"),
    _("Enroll and manage electronic funds transfer"),
    _("Update practice demographics"),
    _("Look up whether and how a patient is covered"),
    _("Follow claims and read remittance reports"),
    _("Choose how remittance reports arrive"),
    _("Send and see precertification requests"),
    _("See precertification requests"),
    _("Ask for an adjustment or appeal"),
    _("Ask by e-mail, fee schedules included"),
    _("See the bank account on file"),
    _("Change the bank account on file"),
    _("Address, hours, providers of the practice"),
    _("Goes with both administrator levels and the auditor"),
    _("Makes an administrator; goes with the level"),
    _("Patient access: precertification or referrals"),
    _("Patient access: front desk, scheduling, benefits, eligibility, registration, financial responsibility"),
    _("Patient access: management or administration"),
    _("Billing or revenue cycle: operations"),
    _("Billing or revenue cycle: management or administration"),
    _("Billing or revenue cycle company: operations (external to the provider)"),
    _("Billing or revenue cycle company: management (external to the provider)"),
    _("Practice or office management or administration"),
    _("Administration support"),
    _("Clinical: nurse or care coordination"),
    _("Clinical: medical assistance"),
    _("Clinical: other (technician, hygienist or other)"),
    _("Clinical: utilization management, case management, discharge planning"),
    _("Clinical: accountable care or collaborative care coordination"),
    _("Payer relations"),
    _("Provider credentialing and contracting"),
    _("Legal or compliance"),
    _("Payer website access management"),
    _("Physician (M.D. or D.O.)"),
)
"""Titles and explanations of `functions.csv`, the levels and `job_roles.csv`, as the API gives them."""
