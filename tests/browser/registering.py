"""How somebody fills in the steps of registering, in either language."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.browser.browsing import Visitor

PASSWORD = "quiet-Falcon-orbits-9"
Look = Callable[[str], None]
"""Looks at a page before it is left; given its name."""


def no_look(_: str) -> None:
    """Looks at nothing."""


def choose_practice_type(
    visitor: Visitor, look: Look = no_look, *, types: Sequence[str] = ("medical", "behavioral")
) -> None:
    visitor.go("/register")
    look("practice-type")
    for each in types:
        visitor.page.locator(f"label[for=practice_type-{each}]").click()
    visitor.next()


def enter_tins(visitor: Visitor, look: Look = no_look) -> None:
    """Three: one of two lines with a manager, one without a manager, one that is not associated."""
    page = visitor.page
    visitor.arrives("/register/tins")
    page.locator("#tin-0").fill("12-3456789")
    add_row(visitor)
    page.locator("#tin-1").fill("987654321")
    add_row(visitor)
    page.locator("#tin-2").fill("112233445")
    visitor.next()
    visitor.sees("[data-focus]")
    look("tins")
    for question in ("line-0-medical", "line-2-behavioral", "nominate-1-other"):
        page.locator(f"label[for={question}]").click()
    name_nominee(visitor, 1, "jane.doe@example.com")
    visitor.next()
    visitor.sees("label[for=nominate-2-unknown]")
    page.locator("label[for=nominate-2-unknown]").click()
    look("tins-answered")
    visitor.next()


def enter_tin(visitor: Visitor, tin: str, nominate: str = "unknown", *, nominee: str = "") -> None:
    """One that nobody manages: `nominate` says who should, `nominee` is that person's e-mail address."""
    visitor.arrives("/register/tins")
    visitor.page.locator("#tin-0").fill(tin)
    look_up(visitor, 0)
    visitor.page.locator(f"label[for=nominate-0-{nominate}]").click()
    if nominee:
        name_nominee(visitor, 0, nominee)
    visitor.next()


def look_up(visitor: Visitor, row: int) -> None:
    """Have the directory asked, and wait for what it says."""
    if visitor.runs_scripts:
        visitor.page.locator(f"#tin-{row}").blur()
    else:
        visitor.click(visitor.page.locator("button.look-up"))
    visitor.sees(f"#details-{row} .practice")


def name_nominee(visitor: Visitor, row: int, address: str) -> None:
    for field, text in (("first", "Jane"), ("last", "Doe"), ("email", address)):
        visitor.page.locator(f"#nominee_{field}-{row}").fill(text)


def add_row(visitor: Visitor) -> None:
    visitor.click(visitor.page.locator("button[value=add]"))


def fill_in_account(visitor: Visitor, user_id: str, look: Look = no_look) -> None:
    page = visitor.page
    visitor.arrives("/register/account")
    typed = {
        "first_name": "Zoë",
        "middle_initial": "Q",
        "last_name": "O’Brien-Núñez",
        "line1": "1 Main Street",
        "city": "Hartford",
        "zip": "06101",
        "phone": "860-555-0142",
        "extension": "12",
        "email": f"{user_id}@example.com",
        "email_again": f"{user_id}@example.com",
        "user_id": user_id,
        "password": PASSWORD,
        "birth_day": "17",
        "birth_year": "1984",
        "answer_0": "Schnürli",
        "answer_1": "St. Gallen",
    }
    chosen = {"job_role": "billing_operations", "state": "CT", "birth_month": "5"}
    chosen |= {"question_0": "first_pet", "question_1": "birth_city"}
    for name, text in typed.items():
        page.locator(f"#{name}").fill(text)
    for name, value in chosen.items():
        page.locator(f"#{name}").select_option(value)
    look("account")
    visitor.next()


def register(visitor: Visitor, user_id: str, look: Look = no_look) -> None:
    """From the first step to the confirmed address."""
    choose_practice_type(visitor, look)
    enter_tins(visitor, look)
    finish(visitor, user_id, look)


def finish(visitor: Visitor, user_id: str, look: Look = no_look) -> None:
    """From the third step to the confirmed address."""
    fill_in_account(visitor, user_id, look)
    visitor.arrives("/register/review")
    look("review")
    visitor.next()
    visitor.arrives("/register/done")
    look("done")
    address = f"{user_id}@example.com"
    visitor.page.locator("#code").fill(visitor.code(address, "confirm_email"))
    visitor.click(visitor.page.locator(".code-form button"))
    look("confirmed")


def open_invitation(visitor: Visitor, temporary_id: str, temporary_password: str) -> None:
    """From the landing page to the third step, filled in."""
    visitor.go("/")
    visitor.click(visitor.page.get_by_role("link", name="I have a temporary ID"))
    visitor.page.locator("#temporary_id").fill(temporary_id)
    visitor.page.locator("#temporary_password").fill(temporary_password)
    visitor.next()
    visitor.arrives("/register/account")


def log_in(visitor: Visitor, user_id: str, password: str, *, site: str = "medical", look: Look = no_look) -> None:
    """From the landing page to the page behind the second step."""
    address = f"{user_id}@example.com"
    before = visitor.codes_sent(address, "sign_in_code")
    visitor.go("/login", site=site)
    visitor.arrives("/sign-in")
    look("log-in")
    give_password(visitor, user_id, password)
    look("code")
    give_code(visitor, visitor.code(address, "sign_in_code", after=before))


def give_password(visitor: Visitor, user_id: str, password: str) -> None:
    visitor.page.locator("#user_id").fill(user_id)
    visitor.page.locator("#password").fill(password)
    visitor.click(visitor.page.locator(".form-buttons button"))


def give_code(visitor: Visitor, code: str) -> None:
    visitor.page.locator("#code").fill(code)
    visitor.click(visitor.page.locator(".form-buttons button"))
