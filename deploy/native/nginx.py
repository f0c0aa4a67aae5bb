"""A private nginx server with the gateway's configuration."""

import signal
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from deploy.gateway.render import render
from deploy.native import packages, ports
from deploy.native.server import Server

SITES = ("medical", "behavioral")
_PLENTY = 1_000_000
_CONNECT_SECONDS = 1.0


class NginxServer(Server):
    """The gateway on loopback, each site on a port of its own, and one more for the portal's calls.

    What containers ask of DNS, which replicas a service has, stands here in a file: for the gateway itself, and for
    services that call one another, at a port for each. `settings` takes the place of any variable of the
    configuration's (`docs/deployment.md`); floods are not held back unless it says so.
    """

    user_name: ClassVar[str] = "www-data"
    stop_signal: ClassVar[signal.Signals] = signal.SIGQUIT

    def __init__(
        self,
        replicas: Mapping[str, Sequence[int]],
        site_ports: Sequence[int] | None = None,
        settings: Mapping[str, str] | None = None,
        any_replica: Mapping[str, int] | None = None,
    ) -> None:
        """`replicas` are the ports of each service's web processes, the portal's among them.

        At the ports of `any_replica` one of a service's answers whatever it is asked.
        """
        super().__init__()
        self._replicas = replicas
        self._any_replica = {} if any_replica is None else any_replica  # filled in before the start
        self.site_ports = dict(zip(SITES, site_ports or ports.free(len(SITES)), strict=True))
        self.inside_ports = dict(zip(SITES, ports.free(len(SITES)), strict=True))
        self._settings = dict(settings or {})

    def url(self, site: str) -> str:
        """Where a site is, for browsers."""
        return f"http://{ports.HOST}:{self.site_ports[site]}"

    def inside_url(self, site: str) -> str:
        """Where the portal finds the API for a site."""
        return f"http://{ports.HOST}:{self.inside_ports[site]}"

    @property
    def access_log(self) -> Path:
        """A line of JSON for each request."""
        return self.data / "access.log"

    def install(self) -> None:
        """Have Debian's nginx."""
        packages.NGINX.path()

    def prepare(self) -> None:
        """Write the configuration."""
        for name, text in render(self.variables()).items():
            self.write(name, text)
        groups = [_group(service, found) for service, found in self._replicas.items()]
        self.write("groups.conf", "".join(groups + [_door(*each) for each in self._any_replica.items()]))

    def variables(self) -> dict[str, str]:
        """The configuration's variables."""
        defaults = {
            "GATEWAY_FOLDER": str(self.data),
            "GATEWAY_ACCESS_LOG": str(self.access_log),
            "GATEWAY_RESOLVER": ports.HOST,
            "GATEWAY_PORTAL_NETWORK": ports.HOST,
            "GATEWAY_REQUESTS_PER_SECOND": str(_PLENTY),
            "GATEWAY_BURST": str(_PLENTY),
            "GATEWAY_TLS": "off",
            "GATEWAY_CERTIFICATE": "",
            "GATEWAY_CERTIFICATE_KEY": "",
            "GATEWAY_PLAIN_LISTEN": "",
        }
        for site in SITES:
            defaults |= {
                f"GATEWAY_{site.upper()}_LISTEN": f"{ports.HOST}:{self.site_ports[site]}",
                f"GATEWAY_{site.upper()}_NAMES": f"localhost {ports.HOST}",
                f"GATEWAY_INSIDE_{site.upper()}_LISTEN": f"{ports.HOST}:{self.inside_ports[site]}",
            }
        targets = {f"GATEWAY_{service.upper()}": _group_name(service) for service in self._replicas}
        return defaults | targets | self._settings

    def command(self) -> list[str]:
        """The master process, with its configuration's folder as its own."""
        return [str(packages.NGINX.path()), "-p", str(self.data), "-c", str(self.data / "nginx.conf"), "-e", "stderr"]

    def ready(self) -> bool:
        """Whether it listens."""
        try:
            for port in self.site_ports.values():
                socket.create_connection((ports.HOST, port), _CONNECT_SECONDS).close()
        except OSError:
            return False
        return True


def _group_name(service: str) -> str:
    return f"{service}-web"


def _group(service: str, found: Sequence[int]) -> str:
    """Replicas in turn; as with names that are looked up, one that failed is asked again at once."""
    servers = "".join(f"    server {ports.HOST}:{port} max_fails=0;\n" for port in found)
    return f"upstream {_group_name(service)} {{\n{servers}}}\n\n"


def _door(service: str, port: int) -> str:
    """Goes on to another replica where one cannot be reached, as a caller does that knows the addresses of all."""
    return f"""server {{
    listen {ports.HOST}:{port};
    access_log off;
    location / {{
        proxy_pass http://{_group_name(service)};
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header Connection close;
    }}
}}

"""
