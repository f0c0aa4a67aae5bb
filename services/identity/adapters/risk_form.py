"""The form in which a risk stands in a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.identity.domain.risk import NO_RISK, Risk, Signal


def kept_risk(risk: Risk) -> dict[str, Any]:
    """As JSON."""
    return {"score": risk.score, "reasons": list(risk.reasons)}


def risk_kept(kept: Mapping[str, Any] | None) -> Risk:
    """From that; a row of before there was any has none."""
    return NO_RISK if kept is None else Risk(kept["score"], tuple(map(Signal, kept["reasons"])))
