"""What is open to everybody, and signing in."""

from __future__ import annotations

from tools.journeys.walk import SEND, Walk

_ONE_OF_SEVERAL = "[name=method][type=radio]"


def visit(walk: Walk) -> None:
    """The pages that stand before all others, and those on which a visit ends."""
    walk.visit("/", "00-landing")
    walk.unfold()
    walk.shot("01-landing-unfolded")
    walk.visit("/", "02-landing-behavioral", site="behavioral")
    walk.visit("/session/over", "03-timed-out")
    walk.visit("/no/such/page", "04-not-found")
    walk.visit("/signed-in?state=x", "05-sign-in-broken")
    walk.visit("/signed-out", "06-signed-out")
    walk.visit("/dev/mailbox", "07-mailbox")


def sign_in(walk: Walk, user_id: str, password: str) -> None:
    """User ID, password, code."""
    email = f"{user_id}@example.com"
    before = len(walk.codes(email, "sign_in_code"))
    walk.go("/login")
    walk.fill({"user_id": user_id, "password": password})
    walk.click(SEND)
    if walk.has(_ONE_OF_SEVERAL):
        walk.click(SEND)
    walk.fill({"code": walk.newest_code(email, "sign_in_code", after=before)})
    walk.click(SEND)


def sign_in_with_mistakes(walk: Walk, user_id: str, password: str) -> None:
    """The same with a picture of each page, and with everything typed wrong first."""
    email = f"{user_id}@example.com"
    before = len(walk.codes(email, "sign_in_code"))
    walk.visit("/login", "30-sign-in")
    walk.fill({"user_id": user_id, "password": "something else"})
    walk.click(SEND, "31-sign-in-wrong")
    walk.fill({"user_id": user_id, "password": password})
    walk.click(SEND)
    if walk.has(_ONE_OF_SEVERAL):
        walk.shot("32-sign-in-where-to")
        walk.click(SEND)
    code = walk.newest_code(email, "sign_in_code", after=before)
    walk.unfold()
    walk.shot("33-sign-in-code")
    walk.fill({"code": "000000" if code != "000000" else "111111"})
    walk.click(SEND, "34-sign-in-code-wrong")
    walk.fill({"code": code})
    walk.click(SEND)
