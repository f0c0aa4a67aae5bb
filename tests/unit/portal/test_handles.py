"""Handles stand in addresses in place of IDs."""

from __future__ import annotations

import pytest
from flask import Blueprint, Response, make_response

from services.portal.api.handles import handle, meant
from services.portal.api.signed_in import signed_in
from tests.unit.portal.world import World


@pytest.fixture
def handles(world: World) -> World:
    blueprint = Blueprint("handles", __name__, url_prefix="/handles")

    @blueprint.get("/make/<kind>/<value>")
    @signed_in
    def make(kind: str, value: str) -> Response:
        return make_response(handle(value, kind))

    @blueprint.get("/read/<kind>/<name>")
    @signed_in
    def read(kind: str, name: str) -> Response:
        return make_response(meant(name, kind))

    world.app.register_blueprint(blueprint)
    world.sign_in()
    return world


def test_a_handle_tells_nothing_and_leads_back(handles: World) -> None:
    name = handles.get("/handles/make/user/ssmith1234").text
    assert "ssmith" not in name
    assert handles.get("/handles/make/user/ssmith1234").text == name
    assert handles.get(f"/handles/read/user/{name}").text == "ssmith1234"


def test_a_handle_of_another_kind_or_changed_is_not_there(handles: World) -> None:
    name = handles.get("/handles/make/tin/123456789").text
    assert handles.get(f"/handles/read/user/{name}").status_code == 404
    assert handles.get(f"/handles/read/tin/{name[:-2]}xx").status_code == 404
    assert handles.get("/handles/read/tin/123456789").status_code == 404


def test_a_handle_means_nothing_to_anybody_else(handles: World) -> None:
    name = handles.get("/handles/make/tin/123456789").text
    handles.sign_in("ssmith1234")
    assert handles.get(f"/handles/read/tin/{name}").status_code == 404
    handles.sign_in("mmartin5")
    assert handles.get(f"/handles/read/tin/{name}").text == "123456789"
