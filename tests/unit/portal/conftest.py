from __future__ import annotations

import pytest

from tests.unit.portal.applicants import Applicant, FakeRegistration
from tests.unit.portal.world import World, make_world
from tools.translations import compile_all


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    compile_all()


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def applicant(world: World) -> Applicant:
    registration = FakeRegistration()
    registration.join(world.api)
    return Applicant(world, registration)
