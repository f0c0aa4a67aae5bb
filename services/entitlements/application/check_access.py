"""May they do this here now (ENT-10)? One question or many at once."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from services.entitlements.application.ports import Ports
from services.entitlements.domain.checking import Question, Reason, answer
from services.entitlements.domain.errors import NotYoursToCheckError


@dataclass(frozen=True, slots=True)
class CheckAccess(Command):
    """`asker` is the user who asks, None for a program that may ask about anyone."""

    asker: str | None
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """`reason` tells why it is allowed, or why not."""

    allowed: bool
    reason: Reason


def check_access(command: CheckAccess, ports: Ports) -> tuple[Answer, ...]:
    """The answers in the order of the questions, from what is committed now.

    Raises `NotYoursToCheckError` where a user asks about somebody else.
    """
    users = {question.user_id for question in command.questions}
    if command.asker is not None and users - {command.asker}:
        raise NotYoursToCheckError("You may ask about yourself only.")
    known = ports.checks.known(command.questions)
    now = ports.clock.now()
    reasons = [answer(*each, ports.catalogue, now) for each in zip(command.questions, known, strict=True)]
    return tuple(Answer(reason is Reason.GRANTED, reason) for reason in reasons)
