"""What Prometheus is told. Imported only by processes that are scraped, and after they have decided whether several of
them are one target: prometheus-client settles that, by the environment, as it is imported.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from chassis.telemetry.readings import Readings

_SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus-client's own name for it


class PrometheusExposition:
    """`Exposition` of one process, or of all that share a folder: of those, whichever is asked answers for all."""

    def __init__(self, service: str, readings: Readings) -> None:
        self.registry = CollectorRegistry()
        self._asked = self.registry
        if folder := os.environ.get(_SHARED_FOLDER):
            self._asked = CollectorRegistry()
            _Together(self._asked, Path(folder))
        else:
            ProcessCollector(registry=self.registry)
        self._asked.register(_Looked(readings, service))

    def answer(self, accept: str) -> tuple[str, bytes]:
        """In the format that the `Accept` header prefers of those that Prometheus has."""
        encode, content_type = choose_encoder(accept)
        return content_type, encode(self._asked)


class _Looked(Collector):
    """What is looked up for a scrape."""

    def __init__(self, readings: Readings, service: str) -> None:
        self._readings = readings
        self._service = service

    def collect(self) -> Iterator[Metric]:
        build = GaugeMetricFamily("wardenry_build_info", "What runs: service, version", labels=["service", "version"])
        build.add_metric([self._service, version("wardenry")], 1)
        yield build
        families: dict[str, GaugeMetricFamily] = {}
        for figure in self._readings.figures():
            name, value = figure.label or (None, None)
            family = families.setdefault(
                figure.name, GaugeMetricFamily(figure.name, figure.meaning, labels=[name] if name else [])
            )
            family.add_metric([value] if value else [], figure.value)
        yield from families.values()

    def describe(self) -> Iterable[Metric]:
        """Nothing is looked up to be registered."""
        return ()


class _Together(MultiProcessCollector):
    """The figures of all processes of one target; those of gauges only while their process lives."""

    def __init__(self, registry: CollectorRegistry, folder: Path) -> None:
        super().__init__(registry, str(folder))  # type: ignore[no-untyped-call]
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        for number in {int(path.stem.rpartition("_")[2]) for path in self._folder.glob("gauge_live*.db")}:
            if not Path(f"/proc/{number}").exists():
                mark_process_dead(number, str(self._folder))
        found: Iterable[Metric] = super().collect()  # type: ignore[no-untyped-call]
        return found
