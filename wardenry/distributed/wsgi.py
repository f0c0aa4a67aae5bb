"""The WSGI entry of one service's web process, for granian, gunicorn or any other server."""

from __future__ import annotations

import os
from multiprocessing.util import Finalize
from pathlib import Path

from flask import Flask

from chassis.bus.loop import Loop
from chassis.telemetry.logs import configure_logs
from chassis.telemetry.process import scraped, tracer_to
from wardenry.distributed.preparing import prepare_beside
from wardenry.registry import bootstrap_of, settings_of

SERVICE_VARIABLE = "WARDENRY_SERVICE"
DRAINING_VARIABLE = "WARDENRY_DRAINING"
"""Names a file that is made when the server is about to end; from then on the process is not ready."""

_EARLY = 100


def create() -> Flask:
    """The application of the service that `WARDENRY_SERVICE` names, with settings from the environment."""
    name = os.environ[SERVICE_VARIABLE]
    configure_logs(service=name)
    settings = settings_of(name).from_environment(os.environ)
    tracer = tracer_to(name, settings.otlp_endpoint, settings.trace_ratio)
    draining = os.environ.get(DRAINING_VARIABLE)
    service = bootstrap_of(name).build_from_environment(
        os.environ, scraped(name, tracer, Path(draining) if draining else None)
    )
    prepare_beside(service.prepare)
    for errand in service.beside:
        meter = service.telemetry.meters.loops
        Loop(errand.name, errand.step, errand.wakeup, poll=errand.poll, meter=meter).start()
    tracer.start()
    Finalize(None, tracer.stop, exitpriority=_EARLY)  # granian's workers end as multiprocessing's do, without atexit
    return service.app
