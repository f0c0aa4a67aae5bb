"""Security information: the questions on offer, the form of an answer, and the date of birth (REG-8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chassis.kernel.errors import Fault
from services.identity.domain.words import fold_words

ANSWERS = 2
YOUNGEST = 18
OLDEST = 120
LONGEST_ANSWER = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's code and what the person answered, as typed; never stored like this."""

    question: str
    text: str

    @property
    def folded(self) -> str:
        """What is hashed: without case, blanks and accents."""
        return fold_words(self.text)


@dataclass(frozen=True, slots=True)
class HashedAnswer:
    """A question's code and the hash of the folded answer."""

    question: str
    hash: str


def faults_of_answers(answers: Sequence[Answer], questions: frozenset[str]) -> list[Fault]:
    """What is wrong with the answers to `questions` (their codes), by pointer."""
    faults = [fault for row, answer in enumerate(answers) for fault in _faults_of_answer(row, answer, questions)]
    asked = [answer.question for answer in answers]
    for row, question in enumerate(asked):
        if question in asked[:row]:
            pointer = f"/security_answers/{row}/question"
            faults.append(Fault(pointer, "question_duplicate", "Choose two different questions."))
    if len(answers) != ANSWERS:
        faults.append(Fault("/security_answers", "two_answers_required", "Answer exactly two questions."))
    return faults


def fault_of_birth(born: date, today: date) -> Fault | None:
    """What is wrong with a date of birth: it must lie 18 to 120 years back."""
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if YOUNGEST <= age <= OLDEST:
        return None
    return Fault("/date_of_birth", "date_of_birth_invalid", "The date of birth must lie 18 to 120 years back.")


def _faults_of_answer(row: int, answer: Answer, questions: frozenset[str]) -> list[Fault]:
    faults = []
    if answer.question not in questions:
        faults.append(Fault(f"/security_answers/{row}/question", "question_unknown", "Choose one of the questions."))
    if not answer.folded or len(answer.text) > LONGEST_ANSWER:
        detail = f"An answer has 1 to {LONGEST_ANSWER} characters."
        faults.append(Fault(f"/security_answers/{row}/answer", "answer_invalid", detail))
    return faults
