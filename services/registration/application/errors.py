"""Registration's own refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Final

from chassis.kernel.errors import ConflictError, Fault, ForbiddenError, InvalidError, WardenryError
from services.registration.domain.violations import Violation


class RegistrationInvalidError(InvalidError):
    """Not everything in the form can be taken; `suggestions` are free user IDs where the wished one is taken."""

    def __init__(self, faults: Sequence[Fault], suggestions: Sequence[str] = ()) -> None:
        super().__init__(faults, members={"suggestions": list(suggestions)} if suggestions else None)


class UserIdTakenError(ConflictError):
    """Nothing is wrong but that somebody else has the user ID (REG-6)."""

    code: ClassVar[str] = "user_id_taken"

    def __init__(self, suggestions: Sequence[str]) -> None:
        super().__init__("Somebody has this user ID already.", members={"suggestions": list(suggestions)})


class KeyReusedError(WardenryError):
    """The idempotency key named another registration a while ago."""

    code: ClassVar[str] = "idempotency_key_reused"


class ImportRunningError(ConflictError):
    """Another import of the directory is under way."""

    code: ClassVar[str] = "import_running"


class ImportNotDoneError(ConflictError):
    """The import's people are not invited yet, so that there is nothing to hand out (REG-16)."""

    code: ClassVar[str] = "import_not_done"


class AlreadyShownError(ConflictError):
    """What was to be shown once was shown."""

    code: ClassVar[str] = "already_shown"


class TemporaryIdMissedError(RegistrationInvalidError):
    """A wrong temporary password was typed, which counts (REG-14)."""

    keeps_work: ClassVar[bool] = True


class NotYoursToGiveError(ForbiddenError):
    """The giver's standing does not reach that far (ENT-4)."""

    code: ClassVar[str] = "not_yours_to_give"


class TooManyManagersError(ConflictError):
    """A TIN has at most so many access managers (ENT-3)."""

    code: ClassVar[str] = "too_many_managers"


class FunctionNotInLineError(ConflictError):
    """The line of business does not have the function (ENT-4)."""

    code: ClassVar[str] = "function_not_in_line"


class FunctionNotInLevelError(ConflictError):
    """The level cannot hold the function (ENT-2)."""

    code: ClassVar[str] = "function_not_in_level"


_REFUSALS: Final[Mapping[str, type[WardenryError]]] = MappingProxyType(
    {
        each.code: each
        for each in (NotYoursToGiveError, TooManyManagersError, FunctionNotInLineError, FunctionNotInLevelError)
    }
)


def refusal(violations: Sequence[Violation]) -> WardenryError:
    """The refusal of access with these violations; the gravest names it, and all stand in its `violations`."""
    found = {violation.code: violation.detail for violation in reversed(violations)}
    gravest = next((code for code in _REFUSALS if code in found), NotYoursToGiveError.code)
    detail = found.get(gravest, violations[0].detail)
    return _REFUSALS[gravest](detail, members={"violations": [plain(violation) for violation in violations]})


def plain(violation: Violation) -> dict[str, Any]:
    """A violation as answers tell it (`api.md`, Manner)."""
    function = {} if violation.function is None else {"function": violation.function}
    told = {"code": violation.code, "detail": violation.detail}
    return {"tin": violation.tin, "line": violation.line, **function, **told}


class NoOpenCaseError(ConflictError):
    """No outreach case is open for this TIN and line (REG-13)."""

    code: ClassVar[str] = "no_open_case"


class ProposalOpenError(ConflictError):
    """A proposal of the TIN awaits its second agent."""

    code: ClassVar[str] = "proposal_open"


class NoProposalError(ConflictError):
    """There is no proposal of the TIN that awaits a second agent, or another one than the caller saw."""

    code: ClassVar[str] = "no_proposal"


class AlreadyManagerError(ConflictError):
    """The person manages all of these lines already."""

    code: ClassVar[str] = "already_manager"


class NotAManagerError(ConflictError):
    """The person manages none of these lines."""

    code: ClassVar[str] = "not_a_manager"


class LineNotOfferedError(ConflictError):
    """The practice does not have this line of business (REG-4)."""

    code: ClassVar[str] = "line_not_offered"
