"""Registering, each step empty, wrong and right; and what the person then sees who waits."""

from __future__ import annotations

from tools.journeys.visiting import sign_in
from tools.journeys.walk import NEXT, PASSWORD, SEND, Walk

_TINS = ("12-3456789", "987654321", "112233445")
_ASKED = "22-3344556"


def register(walk: Walk) -> None:
    """From the practice type to the code from the e-mail."""
    walk.visit("/register", "10-step-1")
    walk.click(NEXT, "11-step-1-wrong")
    walk.tick("practice_type-medical", "practice_type-behavioral")
    walk.click(NEXT, "12-step-2")
    _enter_tins(walk)
    walk.shot("15-step-3")
    _enter_account(walk)
    walk.click(NEXT, "18-step-4")
    walk.visit("/register/leave", "19-leave")
    walk.go("/register/review")
    walk.click(NEXT, "20-step-5-code")
    _confirm(walk)


def wait(walk: Walk) -> None:
    """The dashboard of somebody who waits, and asking for more."""
    sign_in(walk, walk.applicant[2], PASSWORD)
    walk.visit("/dashboard", "40-waiting-dashboard")
    walk.visit("/settings/online-access", "41-waiting-online-access")
    walk.visit("/settings/online-access/ask", "42-ask")
    walk.fill({"tin": "1234"})
    walk.click(SEND, "43-ask-wrong")
    walk.fill({"tin": _TINS[0]})
    walk.click(SEND, "44-ask-line")
    walk.fill({"tin": _ASKED})
    walk.click(SEND, "45-asked")
    walk.visit("/messages", "46-waiting-messages")
    walk.visit("/users", "47-not-allowed")


def _enter_tins(walk: Walk) -> None:
    walk.fill({"tin-0": "1234"})
    walk.click(NEXT, "13-step-2-wrong")
    for place, tin in enumerate(_TINS):
        walk.fill({f"tin-{place}": tin})
        if place + 1 < len(_TINS):
            walk.click("button[value=add]")
    walk.page.keyboard.press("Tab")
    walk.page.wait_for_selector(f"#details-{len(_TINS) - 1} > :not(input)")
    for place in range(len(_TINS)):
        if walk.has(f"#line-{place}-medical"):
            walk.tick(f"line-{place}-medical")
    if not walk.has("#nominate-2-unknown"):
        walk.click(NEXT)
    walk.tick("nominate-1-other", "nominate-2-unknown")
    walk.fill({"nominee_first-1": "Jane", "nominee_last-1": "Doe", "nominee_email-1": "jane.doe@example.com"})
    walk.shot("14-step-2-filled")
    walk.click(NEXT)


def _enter_account(walk: Walk) -> None:
    first, last, user_id = walk.applicant
    email = f"{user_id}@example.com"
    walk.fill({"user_id": "mmartin5", "email": email, "email_again": "other@example.com", "password": "short"})
    walk.click(NEXT, "16-step-3-wrong")
    walk.fill({"first_name": first, "middle_initial": "Q", "last_name": last})
    walk.fill(
        {"line1": "1 Main Street", "city": "Hartford", "zip": "06101", "phone": "860-555-0142", "extension": "12"}
    )
    walk.fill({"email": email, "email_again": email, "user_id": user_id, "birth_day": "17", "birth_year": "1984"})
    walk.fill({"answer_0": "Schnürli", "answer_1": "St. Gallen"})
    walk.choose({"job_role": "billing_operations", "state": "CT", "birth_month": "5"})
    walk.choose({"question_0": "first_pet", "question_1": "birth_city"})
    walk.page.locator("[name=password]").press_sequentially(PASSWORD)
    walk.page.wait_for_selector("#password-strength .strength")
    walk.shot("17-step-3-filled")


def _confirm(walk: Walk) -> None:
    email = f"{walk.applicant[2]}@example.com"
    walk.visit("/register/done/address", "21-step-5-address")
    walk.go("/register/done")
    walk.fill({"code": "000000"})
    walk.click(".code-form button", "22-step-5-wrong")
    walk.fill({"code": walk.newest_code(email, "confirm_email")})
    walk.click(".code-form button", "23-step-5-confirmed")
