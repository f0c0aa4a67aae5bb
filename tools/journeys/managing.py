"""What an access manager does for those who wait and those who work there; and a processor's and an auditor's pages."""

from __future__ import annotations

from tools.journeys.visiting import sign_in, sign_in_with_mistakes
from tools.journeys.walk import SEND, Walk

MANAGER, PROCESSOR, AUDITOR = "mmartin5", "ssmith1234", "audit001"
_ASKED_TIN = "22-3344556"


def manage(walk: Walk) -> None:
    """Everything under Manage user access, and the rest of a manager's pages."""
    sign_in_with_mistakes(walk, MANAGER, walk.wardenry.password)
    walk.page.wait_for_url("**/dashboard")
    walk.shot("50-dashboard")
    _decline(walk)
    _approve(walk)
    _users(walk)
    _modify(walk)
    _remove(walk)
    walk.visit("/history", "80-history")
    walk.unfold()
    walk.shot("81-history-unfolded")
    walk.visit("/history?from=2020-01-01&to=2020-01-02", "82-history-empty")
    walk.visit("/messages", "83-messages")
    walk.visit("/settings/online-access", "84-online-access")
    walk.visit("/dashboard", "85-dashboard-nobody-waits")


def work(walk: Walk) -> None:
    """A processor's pages."""
    sign_in(walk, PROCESSOR, walk.wardenry.password)
    walk.visit("/dashboard", "90-processor-dashboard")
    walk.visit("/settings/online-access", "91-processor-online-access")
    _second_steps(walk)


def look_on(walk: Walk) -> None:
    """An auditor's pages."""
    sign_in(walk, AUDITOR, walk.wardenry.password)
    walk.visit("/dashboard", "97-auditor-dashboard")
    walk.click("header form button", "98-signed-out")


def _second_steps(walk: Walk) -> None:
    walk.visit("/settings/sign-in", "92-log-in-settings")
    walk.click("#apps ~ p .usa-button", "93-add-an-app")
    walk.fill({"name": "Pixel 9"})
    walk.click(SEND, "94-key-of-the-app")
    walk.visit("/settings/sign-in/recovery-codes", "95-recovery-codes")
    walk.click(SEND, "96-recovery-codes-shown")


def _row(walk: Walk, tin: str) -> str:
    """The review button of the applicant's request for a practice."""
    return f'tr:has-text("{walk.applicant[1]}"):has-text("{tin}") .list-table__actions a'


def _decline(walk: Walk) -> None:
    walk.click(_row(walk, _ASKED_TIN))
    here = walk.page.url
    walk.click(".step-buttons a", "57-decline")
    walk.fill({"reason": "You work for another practice. Please ask there."})
    walk.click(SEND, "58-declined")
    walk.page.goto(here)
    walk.shot("59-decided-already")


def _approve(walk: Walk) -> None:
    walk.go("/dashboard")
    walk.click(_row(walk, "12-3456789"), "51-approve")
    walk.unfold()
    walk.shot("52-approve-unfolded")
    walk.choose({"level-123456789-medical": "processor"})
    for function in ("claim_status", "precert_view"):
        walk.tick(f"may-123456789-medical-{function}")
    walk.click(".step-buttons button", "53-approve-preview")
    walk.click(".step-buttons button", "54-approved")
    walk.page.emulate_media(media="print")
    walk.shot("55-approved-print")
    walk.page.emulate_media(media="screen")


def _users(walk: Walk) -> None:
    walk.visit("/users", "60-users")
    walk.visit("/users?view=awaiting", "61-users-awaiting")
    walk.visit("/users?view=inactive", "62-users-inactive")
    walk.fill({"search": "nobody at all"})
    walk.click(SEND, "63-users-not-found")


def _modify(walk: Walk) -> None:
    walk.go("/users")
    walk.click('tr:has-text("secadm01") a[href$="/access"]', "64-modify")
    walk.click(".step-buttons button", "65-modify-nothing")
    walk.choose({"level-123456789-medical": "processor"})
    walk.click(".step-buttons button", "66-modify-preview")
    walk.go("/users")
    walk.click('tr:has-text("ssmith1234") a[href$="/access"]', "67-modify-one-practice")
    walk.go("/users")
    walk.click(f'tr:has-text("{MANAGER}") a[href$="/access"]', "68-modify-own")


def _remove(walk: Walk) -> None:
    walk.go("/users")
    walk.click(f'tr:has-text("{walk.applicant[1]}") a[href$="/remove"]', "70-remove-preview")
    walk.click(".step-buttons button", "71-removed")
    walk.go("/users")
    walk.click(f'tr:has-text("{MANAGER}") a[href$="/remove"]', "72-remove-where")
    walk.tick("where-all")
    walk.click(".step-buttons button", "73-remove-forbidden")
