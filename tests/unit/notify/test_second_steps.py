"""What the owner of an account hears of its second steps."""

from __future__ import annotations

import pytest

from services.notify.adapters.texts import JinjaTexts
from services.notify.application.outside import Letter
from services.notify.domain.notices import Channel
from tests.unit.notify.test_texts import SIGNATURE
from tests.unit.notify.world import World

APP = {"user_id": "mary", "authenticator_id": "a1", "kind": "totp"}
KEY = {"user_id": "mary", "authenticator_id": "p1", "kind": "passkey"}
PAPER = {"user_id": "mary"}


@pytest.mark.parametrize(
    ("happened", "data", "subject"),
    [
        ("authenticator.added", APP, "An authenticator app was added to your account"),
        ("authenticator.renamed", APP, "An authenticator app of your account was renamed"),
        ("authenticator.removed", APP, "An authenticator app was removed from your account"),
        ("authenticator.added", KEY, "A passkey was added to your account"),
        ("authenticator.renamed", KEY, "A passkey of your account was renamed"),
        ("authenticator.removed", KEY, "A passkey was removed from your account"),
        ("authenticator.suspended", KEY, "A passkey of your account was stopped"),
        ("recovery_codes.made", PAPER, "You have new recovery codes"),
        ("recovery_codes.removed", PAPER, "Your recovery codes were removed"),
        ("security_questions.changed", PAPER, "Your security questions were changed"),
    ],
)
def test_the_owner_is_told_of_every_change__IDN_3(happened: str, data: dict[str, str], subject: str) -> None:
    world = World()
    world.know("mary")
    world.hear(f"identity.{happened}.v1", data)
    assert world.told("second_step_changed") == [("user:mary", "email"), ("user:mary", "inbox")]
    (message, _) = world.messages
    facts = {"first_name": "Mary", **message.facts}
    words = JinjaTexts(SIGNATURE).render(Letter(message.notice, Channel.EMAIL, "en", "medical", facts))
    assert words.subject == subject
