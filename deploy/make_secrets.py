"""Makes the secrets of the distributed form, a file each: python -m deploy.make_secrets [--folder DIR]

What is there stays; what is put together of others (an address with a password in it) is written anew. The folder is
its owner's alone; the files in it may be read, since a container's user is another than the one who made them.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import click

from chassis.security.sealing import make_recipient_key
from deploy.certificates import self_signed

SERVICES = ("identity", "registration", "entitlements", "notify", "audit", "portal")
FOLDER = Path(__file__).with_name("secrets")
BROKER_USER = "wardenry"
_SITES = {"medical": "http://localhost:8080", "behavioral": "http://localhost:8081"}
_TLS_NAMES = ("localhost", "mail", "gateway")


@dataclass(frozen=True)
class Addresses:
    """Where the servers are for the services (`host:port`), and the sites for browsers."""

    postgresql: str = "postgresql:5432"
    broker: str = "rabbitmq:5672"
    virtual_host: str = "/"
    sites: Mapping[str, str] = field(default_factory=lambda: dict(_SITES))


class SecretFiles:
    """A folder of secrets; `made` and `kept` count what became of those that were asked for."""

    def __init__(self, folder: Path) -> None:
        """The folder is made if it is not there."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self.made = self.kept = 0

    def once(self, name: str, make: Callable[[], str]) -> str:
        """The secret of that name, made if it is not there."""
        path = self.folder / name
        if path.exists():
            self.kept += 1
            return self.read(name)
        self.made += 1
        return self.anew(name, make())

    def read(self, name: str) -> str:
        """A secret that is there."""
        return (self.folder / name).read_text(encoding="utf-8")

    def anew(self, name: str, text: str) -> str:
        """Write what follows from others."""
        path = self.folder / name
        draft = path.with_name(f"{name}.new")
        draft.touch(mode=0o444)
        draft.chmod(0o644)
        draft.write_text(text, encoding="utf-8")
        draft.chmod(0o444)
        draft.replace(path)
        return text


def make_secrets(files: SecretFiles, addresses: Addresses) -> None:
    """Have every secret that docker-compose.yml names; the token for text messages is empty, for an operator to set."""
    for service in SERVICES:
        files.once(f"{service}_edge_secret", _secret)
        files.once(f"{service}_sealing_keys", lambda: f"first:{secrets.token_urlsafe(32)}")
        password = quote(files.once(f"{service}_database_password", _password), safe="")
        url = f"postgresql+psycopg://{service}:{password}@{addresses.postgresql}/{service}"
        files.anew(f"{service}_database_url", url)
    files.once("service_secret", _secret)
    files.once("identity_pepper", _secret)
    files.once("postgresql_password", _password)
    files.once("grafana_password", _password)
    _broker(files, addresses)
    _notify_keys(files)
    files.once("notify_sms_token", str)
    _portal_clients(files, addresses)
    for name in ("mail", "gateway"):
        _certificate(files, name)


def _broker(files: SecretFiles, addresses: Addresses) -> None:
    password = files.once("broker_password", _password)
    files.anew("rabbitmq_user", f"default_user = {BROKER_USER}\ndefault_pass = {password}\n")
    path = quote(addresses.virtual_host, safe="")
    files.anew("broker_url", f"amqp://{BROKER_USER}:{password}@{addresses.broker}/{path}")


def _notify_keys(files: SecretFiles) -> None:
    """Notify's key pair: identity seals codes for the public half."""
    private = files.once("notify_private_keys", lambda: json.dumps(make_recipient_key().as_dict(private=True)))
    public = {name: value for name, value in json.loads(private).items() if name != "d"}
    files.anew("notify_public_key", json.dumps(public))


def _portal_clients(files: SecretFiles, addresses: Addresses) -> None:
    """What the portal and identity know each other by: an OpenID client for each site."""
    known = {site: files.once(f"portal_{site}_client_secret", _secret) for site in addresses.sites}
    files.anew("portal_client_secrets", ",".join(f"{site}={secret}" for site, secret in known.items()))
    clients = [
        {
            "client_id": f"wardenry-portal-{site}",
            "secret": known[site],
            "site": site,
            "redirect_uris": [f"{url}/signed-in"],
            "post_logout_redirect_uris": [f"{url}/", f"{url}/signed-out"],
        }
        for site, url in addresses.sites.items()
    ]
    files.anew("identity_portal_clients", json.dumps(clients))


def _certificate(files: SecretFiles, name: str) -> None:
    if not (files.folder / f"{name}_certificate").exists():
        certificate, key = self_signed(_TLS_NAMES)
        files.anew(f"{name}_certificate_key", key)
        files.anew(f"{name}_certificate", certificate)
        files.made += 1


def _secret() -> str:
    return secrets.token_hex(32)


def _password() -> str:
    return secrets.token_hex(24)


@click.command()
@click.option("--folder", default=FOLDER, type=click.Path(path_type=Path), help="In place of deploy/secrets.")
@click.option("--medical-url", default=_SITES["medical"], show_default=True, help="Where browsers find the site.")
@click.option("--behavioral-url", default=_SITES["behavioral"], show_default=True, help="Likewise.")
def main(folder: Path, medical_url: str, behavioral_url: str) -> None:
    """Make what is missing of the secrets that docker-compose.yml names; what is there stays."""
    files = SecretFiles(folder)
    make_secrets(files, Addresses(sites={"medical": medical_url, "behavioral": behavioral_url}))
    click.echo(f"{folder}: {files.made} secrets made, {files.kept} kept.")
    click.echo("Keep a copy of them where the databases' copies are not.")


if __name__ == "__main__":
    main()
