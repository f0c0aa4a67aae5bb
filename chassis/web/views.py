"""Finds the function behind a route: of a `MethodView` the method, since it bears the marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from werkzeug.routing import Rule


def view_behind(app: Flask, rule: Rule, method: str) -> Callable[..., Any]:
    """The function that serves a rule's method."""
    view: Callable[..., Any] = app.view_functions[rule.endpoint]
    view_class = getattr(view, "view_class", None)
    if view_class is None:
        return view
    found: Callable[..., Any] = getattr(view_class, "get" if method == "HEAD" else method.lower())
    return found


def all_views(app: Flask) -> Iterator[tuple[Callable[..., Any], Rule]]:
    """Every view function with its rule."""
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield view_behind(app, rule, method), rule
