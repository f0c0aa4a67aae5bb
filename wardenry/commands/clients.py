"""`wardenry clients`: the OpenID clients that people sign in to, and sites' own programs (IDN-11, OPS-7)."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Column, Table

from services.identity.application.add_client import AddClient, Registered, add_client
from services.identity.application.list_clients import list_clients
from services.identity.application.remove_client import RemoveClient, remove_client
from services.identity.application.rotate_client_secret import RotateClientSecret, rotate_client_secret
from services.identity.domain.clients import Client
from services.identity.domain.signing_keys import Algorithm
from wardenry.commands.operating import data_option, json_option, operate

_ALGORITHMS = [each.value for each in (Algorithm.RS256, Algorithm.EDDSA)]


@click.group()
def clients() -> None:
    """OpenID clients, and sites' own programs."""


@clients.command("add")
@click.argument("name")
@click.option("--redirect-uri", "redirect_uris", multiple=True, metavar="URI", help="To the letter; repeatable.")
@click.option("--post-logout-redirect-uri", "post_logout_uris", multiple=True, metavar="URI", help="Repeatable.")
@click.option("--backchannel-logout-uri", "logout_uri", metavar="URI", help="Told of sessions that ended, by POST.")
@click.option("--site", default="medical", show_default=True, help="The site that its access tokens name.")
@click.option("--public", is_flag=True, help="It can keep no secret, and gets none.")
@click.option("--no-pkce", is_flag=True, help="For old programs that do not know PKCE; never with --public.")
@click.option("--scope", "scopes", multiple=True, help="What it may ask for; repeatable.")
@click.option("--id-token-alg", type=click.Choice(_ALGORITHMS), default=_ALGORITHMS[0], show_default=True)
@data_option
@json_option
def add_command(data: Path | None, as_json: bool, **options: Any) -> None:  # noqa: FBT001 (click's signature)
    """Register the client NAME and show its secret, once: nobody can read it later.

    Without --scope it may ask who somebody is: openid, profile, email, phone, address. The scope wardenry opens the
    whole API in the person's name; entitlements.check is for a site's own program.
    """
    command = AddClient(
        name=options["name"],
        site=options["site"],
        redirect_uris=options["redirect_uris"],
        post_logout_redirect_uris=options["post_logout_uris"],
        backchannel_logout_uri=options["logout_uri"],
        scopes=tuple(scope for given in options["scopes"] for scope in given.split()),
        public=options["public"],
        pkce=not options["no_pkce"],
        id_token_algorithm=Algorithm(options["id_token_alg"]),
    )
    _show(operate(data, partial(add_client, command)), as_json=as_json)


@clients.command("list")
@data_option
@json_option
def list_command(data: Path | None, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """List the clients, without their secrets."""
    known = operate(data, lambda work, _: list_clients(work))
    if as_json:
        click.echo(json.dumps({"items": [_document(each) for each in known]}, ensure_ascii=False))
        return
    table = Table(*(Column(name, overflow="fold") for name in ("client_id", "site", "kind", "scopes", "redirect URIs")))
    for each in known:
        kind = "public" if each.is_public else "confidential"
        table.add_row(each.client_id, each.site, kind, " ".join(each.scopes), "\n".join(each.redirect_uris))
    Console().print(table)


@clients.command("rotate")
@click.argument("name")
@data_option
@json_option
def rotate_command(name: str, data: Path | None, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Give the client NAME (or of this identifier) a new secret; the former one is void at once."""
    _show(operate(data, partial(rotate_client_secret, RotateClientSecret(name))), as_json=as_json)


@clients.command("remove")
@click.argument("name")
@data_option
@json_option
def remove_command(name: str, data: Path | None, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Remove the client NAME (or of this identifier); what it holds is over within five minutes."""
    client_id = operate(data, partial(remove_client, RemoveClient(name)))
    click.echo(json.dumps({"client_id": client_id, "removed": True}) if as_json else f"{client_id} is removed.")


def _show(registered: Registered, *, as_json: bool) -> None:
    document = _document(registered.client) | {"client_secret": registered.secret}
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    click.echo(f"client_id:     {registered.client.client_id}")
    click.echo(f"client_secret: {registered.secret or 'none: it is public'}")
    if registered.secret:
        click.echo("Keep the secret now: it is not shown again.")


def _document(client: Client) -> dict[str, Any]:
    return {
        "client_id": client.client_id,
        "name": client.name,
        "site": client.site,
        "public": client.is_public,
        "pkce": client.pkce,
        "redirect_uris": client.redirect_uris,
        "post_logout_redirect_uris": client.post_logout_redirect_uris,
        "backchannel_logout_uri": client.backchannel_logout_uri,
        "scopes": client.scopes,
        "id_token_alg": client.id_token_algorithm,
        "created_at": client.created_at.isoformat().replace("+00:00", "Z") if client.created_at else None,
    }
