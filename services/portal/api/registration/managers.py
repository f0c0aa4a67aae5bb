"""Who can give access to what was asked for: names for the applicant who is signed in, else their number (REG-10)."""

from __future__ import annotations

from typing import Any

from services.portal.api.signed_in import api, is_signed_in, user_id
from services.portal.application.errors import ProblemError


def with_managers(requests: list[dict[str, Any]], applicant: str) -> list[dict[str, Any]]:
    """The requests, each with its `managers` where they may be told, else without."""
    if not is_signed_in() or user_id() != applicant:
        return requests
    names: dict[str, list[dict[str, Any]]] = {}
    for each in requests:
        if each["tin"] not in names:
            names[each["tin"]] = _managers_of(each["tin"])
    return [
        {**each, "managers": [who for who in names[each["tin"]] if who.get("line") in (None, each["line"])]}
        for each in requests
    ]


def _managers_of(tin: str) -> list[dict[str, Any]]:
    try:
        items: list[dict[str, Any]] = api().get(f"/api/entitlements/v1/practices/{tin}/managers").body["items"]
    except ProblemError:
        return []
    return items
