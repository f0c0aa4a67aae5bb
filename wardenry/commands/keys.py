"""`wardenry keys`: the keys that sign tokens (IDN-11, OPS-7)."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from services.identity.application.rotate_signing_keys import Rotated, rotate_signing_keys
from wardenry.commands.operating import data_option, json_option, operate


@click.group()
def keys() -> None:
    """The keys that sign tokens."""


@keys.command("rotate")
@data_option
@json_option
def rotate_command(data: Path | None, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Have new keys sign from ten minutes from now on; the former ones verify until their last token is over.

    Nothing need be restarted, nobody is signed out. Refused (exit code 1) while new keys have yet to begin.
    """
    documents = [_document(each) for each in operate(data, rotate_signing_keys)]
    if as_json:
        click.echo(json.dumps({"items": documents}))
        return
    for told in documents:
        click.echo(f"{told['algorithm']}: {told['kid']} signs from {told['signs_from']} on.")
        click.echo(f"  {told['former_kid']} verifies until {told['former_until']}.")


def _document(rotated: Rotated) -> dict[str, Any]:
    return {
        "algorithm": rotated.key.algorithm,
        "kid": rotated.key.kid,
        "signs_from": _moment(rotated.key.not_before),
        "former_kid": rotated.former.kid,
        "former_until": _moment(rotated.former.expires_at) if rotated.former.expires_at else None,
    }


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
