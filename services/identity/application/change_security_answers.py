"""Choose other security questions, or answer them anew (REG-8); they count in a recovery alone (IDN-7)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.errors import InvalidError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.password_desk import PresentPassword, account_read_fresh, prove_password
from services.identity.application.ports import Ports, Store
from services.identity.domain.devices import NOWHERE, Whereabouts
from services.identity.domain.events import SecurityQuestionsChanged
from services.identity.domain.security_questions import Answer, HashedAnswer, faults_of_answers


@dataclass(frozen=True, slots=True)
class ChangeSecurityAnswers(Command):
    """The present password and the new answers as typed."""

    user_id: str
    session_id: str
    current_password: str
    answers: tuple[Answer, ...]
    whereabouts: Whereabouts = NOWHERE


def security_questions_of(user_id: str, work: UnitOfWork[Store]) -> list[str]:
    """The codes of the questions that the account has answered, in order of the code; the answers nobody is told."""
    with work.reading() as store:
        return sorted(each.question for each in store.answers.of(user_id))


def change_security_answers(command: ChangeSecurityAnswers, work: UnitOfWork[Store], ports: Ports) -> None:
    """Keep these and no others; raises `InvalidError`, and what `prove_password` raises."""
    faults = faults_of_answers(command.answers, ports.lists.security_questions)
    if faults:
        raise InvalidError(faults)
    account_read_fresh(command.user_id, command.session_id, work, ports)
    hashed = [HashedAnswer(each.question, ports.hasher.hash(each.folded)) for each in command.answers]
    given = PresentPassword(command.user_id, command.session_id, command.current_password, command.whereabouts)
    account = prove_password(given, work, ports)
    work.writing().answers.replace(account.user_id, hashed)
    work.record(SecurityQuestionsChanged(account.user_id))
