"""This service's refusals, each with its stable code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Final

from chassis.kernel.errors import ConflictError, ForbiddenError, WardenryError
from services.entitlements.domain.judgement import Code, Violation


class NotYoursToGiveError(ForbiddenError):
    """The giver's standing does not reach that far (ENT-4)."""

    code: ClassVar[str] = "not_yours_to_give"


class OwnLevelUpwardError(ForbiddenError):
    """Nobody raises their own level (GO-2)."""

    code: ClassVar[str] = "own_level_upward"


class OwnUntilLaterError(ForbiddenError):
    """Nobody moves the end of their own access away (GO-2)."""

    code: ClassVar[str] = "own_until_later"


class OwnRequestError(ForbiddenError):
    """Nobody decides their own request (GO-2)."""

    code: ClassVar[str] = "own_request"


class NotYoursToDecideError(ForbiddenError):
    """The caller sees the request but may not decide it in this way (`delegation.md`, column requests)."""

    code: ClassVar[str] = "not_yours_to_decide"


class NotYoursToCheckError(ForbiddenError):
    """A user asks about themselves alone (ENT-10)."""

    code: ClassVar[str] = "not_yours_to_check"


class FunctionNotInLineError(ConflictError):
    """The line of business does not have the function (ENT-4)."""

    code: ClassVar[str] = "function_not_in_line"


class FunctionNotInLevelError(ConflictError):
    """The level cannot hold the function (ENT-2)."""

    code: ClassVar[str] = "function_not_in_level"


class LastManagerError(ConflictError):
    """A line keeps at least one access manager (ENT-3)."""

    code: ClassVar[str] = "last_manager"


class TooManyManagersError(ConflictError):
    """A TIN has at most so many access managers (ENT-3)."""

    code: ClassVar[str] = "too_many_managers"


class RequestAlreadyDecidedError(ConflictError):
    """Somebody was first: the request was decided, withdrawn or has expired (REG-12)."""

    code: ClassVar[str] = "request_already_decided"

    def __init__(self, detail: str = "This request is no longer open: somebody decided it, or it ended.") -> None:
        super().__init__(detail)


class RequestAlreadyOpenError(ConflictError):
    """The user waits for this very access already."""

    code: ClassVar[str] = "request_already_open"


class AccessAlreadyHeldError(ConflictError):
    """The user has access there already."""

    code: ClassVar[str] = "access_already_held"


class TooManyRequestsOpenError(ConflictError):
    """The user waits for as many decisions as anybody may."""

    code: ClassVar[str] = "too_many_requests_open"


class LineNotOfferedError(ConflictError):
    """The practice does not have this line of business (REG-4)."""

    code: ClassVar[str] = "line_not_offered"


class ReviewAlreadyOpenError(ConflictError):
    """A TIN has one open review at a time (ENT-13)."""

    code: ClassVar[str] = "review_already_open"


class AlreadyReviewedError(ConflictError):
    """Somebody was first, or nothing is left to decide about (ENT-13)."""

    code: ClassVar[str] = "already_reviewed"


class OwnAccessReviewError(ForbiddenError):
    """Nobody reviews their own access (ENT-13)."""

    code: ClassVar[str] = "own_access_review"


class AlreadyUndoneError(ConflictError):
    """The change was undone before (GO-3)."""

    code: ClassVar[str] = "already_undone"


class UndoTooLateError(ConflictError):
    """A change can be undone as one for a day (GO-3)."""

    code: ClassVar[str] = "undo_too_late"


_REFUSALS: Final[Mapping[Code, type[WardenryError]]] = MappingProxyType(
    {
        Code.NOT_YOURS_TO_GIVE: NotYoursToGiveError,
        Code.OWN_LEVEL_UPWARD: OwnLevelUpwardError,
        Code.OWN_UNTIL_LATER: OwnUntilLaterError,
        Code.OWN_REQUEST: OwnRequestError,
        Code.LAST_MANAGER: LastManagerError,
        Code.TOO_MANY_MANAGERS: TooManyManagersError,
        Code.FUNCTION_NOT_IN_LINE: FunctionNotInLineError,
        Code.FUNCTION_NOT_IN_LEVEL: FunctionNotInLevelError,
    }
)


def refusal(violations: Sequence[Violation], *, of_many: bool = False) -> WardenryError:
    """The refusal of a change with these violations; the gravest names it, and all stand in its `violations`, with
    the user whom each is about where the change was `of_many`.
    """
    found = {violation.code for violation in violations}
    gravest = next(code for code in _REFUSALS if code in found)
    detail = next(violation.detail for violation in violations if violation.code is gravest)
    plain = [{**({"user_id": each.subject} if of_many else {}), **_plain(each)} for each in violations]
    return _REFUSALS[gravest](detail, members={"violations": plain})


def _plain(violation: Violation) -> dict[str, Any]:
    place = {"tin": violation.place.tin, "line": violation.place.line.value}
    function = {} if violation.function is None else {"function": violation.function}
    return {**place, **function, "code": violation.code.value, "detail": violation.detail}
