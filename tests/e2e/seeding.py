"""The demo data of the embedded mode, put into a running distributed form through the services' own use cases."""

from __future__ import annotations

from chassis.db.engine import make_engine
from services.entitlements import bootstrap as entitlements
from services.entitlements.settings import Settings as EntitlementsSettings
from services.identity import bootstrap as identity
from services.identity.settings import Settings as IdentitySettings
from services.registration import bootstrap as registration
from tests.e2e.distributed import PASSWORD, Distributed
from tests.e2e.settling import settle


def seed(deployment: Distributed) -> None:
    """Practices, people, access; done once every service has heard of it."""
    engines = {name: make_engine(url) for name, url in deployment.databases.items()}
    variables = deployment.variables
    registered = registration.build_from_environment(variables)
    registration.seed_demo(registered)
    who = identity.build_from_environment(variables)
    identity.seed_demo(who, IdentitySettings.from_environment(variables), PASSWORD)
    settle(engines)
    entitled = entitlements.build_from_environment(variables)
    entitlements.seed_demo(entitled, EntitlementsSettings.from_environment(variables))
    settle(engines)
    for engine in (*engines.values(), registered.engine, who.engine, entitled.engine):
        engine.dispose()
