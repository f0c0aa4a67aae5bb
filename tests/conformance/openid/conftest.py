"""One provider for all modules; each has a client and a browser of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conformance.openid.provider import Provider, provider_in
from tests.conformance.openid.relying_party import Agent, RelyingParty


@pytest.fixture(scope="package")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with provider_in(tmp_path_factory.mktemp("openid")) as made:
        yield made


@pytest.fixture
def agent(provider: Provider) -> Iterator[Agent]:
    made = Agent.of(provider)
    yield made
    made.http.close()


@pytest.fixture
def party(provider: Provider) -> Iterator[RelyingParty]:
    made = RelyingParty.registered(provider)
    yield made
    made.http.close()
