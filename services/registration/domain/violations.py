"""What entitlements says of access that somebody would prepare (GO-2)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.errors import Fault


@dataclass(frozen=True, slots=True)
class Violation:
    """A cell of the matrix that a rule forbids; `function` None is the level's own. `code` is one of entitlements'."""

    tin: str
    line: str
    code: str
    detail: str
    function: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with access that is to be prepared; nothing is where both are empty.

    The pointers of `faults` begin at the list of access: `/0/functions/1`.
    """

    faults: tuple[Fault, ...] = ()
    violations: tuple[Violation, ...] = ()

    @property
    def allows(self) -> bool:
        """Whether it may be prepared."""
        return not self.faults and not self.violations
