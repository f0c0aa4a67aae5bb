"""Identity behind real HTTPS on loopback: its issuer is the address that it is called at, as a client finds it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cheroot import wsgi
from cheroot.ssl.builtin import BuiltinSSLAdapter
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.integration.identity.world import World


@dataclass(frozen=True)
class Provider:
    """Identity as it answers at `issuer`; `trust` is what its certificate verifies with."""

    world: World
    issuer: str
    trust: ssl.SSLContext


@contextmanager
def provider_in(folder: Path) -> Iterator[Provider]:
    """One over a database of SQLite's in the folder, for as long as the context lasts."""
    certificate, key = _certificate(folder)
    server = wsgi.Server(("127.0.0.1", 0), _not_yet, numthreads=4, shutdown_timeout=1)
    server.ssl_adapter = BuiltinSSLAdapter(str(certificate), str(key))
    server.prepare()
    issuer = f"https://localhost:{server.bind_addr[1]}"
    world = World(f"sqlite:///{folder / 'identity.sqlite'}", issuer=issuer)
    server.wsgi_app = world.service.app
    thread = threading.Thread(target=server.serve, name="openid provider", daemon=True)
    thread.start()
    try:
        yield Provider(world, issuer, ssl.create_default_context(cafile=str(certificate)))
    finally:
        server.stop()
        thread.join(10)
        world.service.engine.dispose()


def _not_yet(_environ: Any, _start_response: Any) -> Any:
    raise RuntimeError("nobody calls before the provider's address is known")


def _certificate(folder: Path) -> tuple[Path, Path]:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(pem))
    paths[1].write_bytes(key.private_bytes(pem, pkcs8, plain))
    return paths
