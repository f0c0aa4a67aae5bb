"""What people type, as far as a schema can tell: that it is text of a sensible length. The rules judge the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import fields, validate

from chassis.web.blueprints import Blueprint

LONGEST_TYPED = 1000


def typed(description: str, *, longest: int = LONGEST_TYPED, **options: Any) -> fields.String:
    """A field of text."""
    return _text({"description": description}, longest, options)


def secret(description: str, *, longest: int = LONGEST_TYPED, **options: Any) -> fields.String:
    """A field of text that no log, error or document may repeat."""
    return _text({"description": description, "format": "password"}, longest, options)


def asked(**options: Any) -> fields.Dict:
    """A field of what the browser's `navigator.credentials.get` is to be asked; null where there is no passkey."""
    described = "`PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3); null where the account has no passkey."
    return fields.Dict(keys=fields.String(), metadata={"description": described}, **options)


def answered(description: str, **options: Any) -> fields.Dict:
    """A field of what a browser answered, in WebAuthn's own JSON form, whose further members are its business."""
    settled = {"required": True, **options}
    return fields.Dict(keys=fields.String(), metadata={"description": description}, **settled)


def refuses(*statuses: int) -> Callable[[Any], Any]:
    """Name in the document the refusals that the view's marks do not tell."""
    return Blueprint.doc(responses={status: {"$ref": f"#/components/responses/Problem{status}"} for status in statuses})


def _text(metadata: dict[str, str], longest: int, options: dict[str, Any]) -> fields.String:
    settled = {"required": True, **options}
    return fields.String(validate=validate.Length(max=longest), metadata=metadata, **settled)
