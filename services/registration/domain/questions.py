"""The choice of security questions; what may be answered is identity's to judge (REG-8)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from services.registration.domain.form import AnswerEntry
from services.registration.domain.values import Findings

ANSWERS = 2


def check_questions(entries: Sequence[AnswerEntry] | None, known: Collection[str], findings: Findings) -> None:
    """Two different questions of those on offer; every other choice is told, an answer left out, too."""
    if entries is None:
        return
    if len(entries) != ANSWERS:
        findings.add("/security_answers", "two_answers_needed", "Answer two different questions, no more, no fewer.")
    asked: set[str] = set()
    for place, entry in enumerate(entries[: ANSWERS + 1]):
        pointer = f"/security_answers/{place}"
        if entry.question is None or entry.question not in known:
            findings.add(f"{pointer}/question", "question_unknown", "Choose one of the questions on offer.")
        elif entry.question in asked:
            findings.add(f"{pointer}/question", "question_twice", "Choose two different questions.")
        else:
            asked.add(entry.question)
        if not (entry.answer or "").strip():
            findings.add(f"{pointer}/answer", "answer_invalid", "Give an answer.")
