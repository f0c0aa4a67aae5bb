"""Dashboards, alerts and scrape configuration that fit what the services tell, and each other (OPS-5)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.native.packages import PROMTOOL
from tests.contract.observability.exposed import exposed
from tests.contract.observability.promql import metrics_in

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "deploy" / "observability"
PROMETHEUS = SHIPPED / "prometheus"
ALERTS = PROMETHEUS / "alerts.yml"
DASHBOARDS = sorted((SHIPPED / "grafana" / "dashboards").glob("*.json"))
OF_OTHERS = {"up", "rabbitmq_alarms_memory_used_watermark", "rabbitmq_alarms_free_disk_space_watermark"}
"""Prometheus' own, and those of RabbitMQ's plugin `rabbitmq_prometheus`."""


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


def expressions(path: Path) -> list[str]:
    panels = json.loads(path.read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    return exposed(tmp_path_factory.mktemp("exposed"))


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ('sum by (service) (rate(a_total{status="5xx", route=~"b|c"}[5m])) / sum(d)', {"a_total", "d"}),
        ("time() - max by (loop) (e_seconds) > 120 and on (service) up offset 5m < 1.5e3", {"e_seconds", "up"}),
        (
            'histogram_quantile(0.99, sum by (le) (rate(f_bucket[$__rate_interval]))) or g{x="by (h)"}',
            {"f_bucket", "g"},
        ),
    ],
)
def test_the_reader_finds_names(expression: str, names: set[str]) -> None:
    assert metrics_in(expression) - {"m"} == names


def test_every_metric_of_an_alert_is_really_told__OPS_5(told: set[str]) -> None:
    for rule in rules():
        assert metrics_in(rule["expr"]), rule["alert"]
        assert metrics_in(rule["expr"]) <= told | OF_OTHERS, rule["alert"]


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_every_metric_of_a_dashboard_is_really_told__OPS_5(path: Path, told: set[str]) -> None:
    assert expressions(path)
    for expression in expressions(path):
        assert metrics_in(expression) <= told, expression


def test_what_is_told_is_looked_at__OPS_5(told: set[str]) -> None:
    """A metric that no dashboard and no alert uses is one that nobody would miss."""
    used = {name for path in DASHBOARDS for each in expressions(path) for name in metrics_in(each)}
    used |= {name for rule in rules() for name in metrics_in(rule["expr"])}
    families = {name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count") for name in used}
    ours = {name.removesuffix("_bucket") for name in told if name.startswith("wardenry_")}
    ours = {name for name in ours if not name.endswith(("_sum", "_count", "_created"))}
    assert ours - families == {"wardenry_build_info"}


def test_every_alert_says_what_to_do_and_where_to_read_on__OPS_5() -> None:
    for rule in rules():
        told = rule["annotations"]
        assert len(told["summary"].split(":", 1)) == 2, rule["alert"]
        assert (ROOT / told["runbook"]).is_file(), rule["alert"]
        assert rule["labels"]["severity"] in {"critical", "warning"}


def test_every_run_book_is_some_alerts() -> None:
    named = {rule["annotations"]["runbook"] for rule in rules()}
    assert {f"docs/runbooks/{path.name}" for path in (ROOT / "docs" / "runbooks").glob("*.md")} >= named


def test_prometheus_itself_finds_no_fault__OPS_5() -> None:
    for words in (["check", "config", "prometheus.yml"], ["check", "rules", "alerts.yml"]):
        done = subprocess.run(
            [PROMTOOL.path(), *words], cwd=PROMETHEUS, check=False, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_process_of_the_compose_file_is_scraped__OPS_5() -> None:
    jobs = {
        job["job_name"]: job for job in yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())["scrape_configs"]
    }
    (found,) = jobs["wardenry"]["dns_sd_configs"]
    composed = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert set(found["names"]) == {name for name in composed if name.endswith(("-web", "-work"))}
    assert found["port"] == 8000


def test_the_other_files_are_well_formed() -> None:
    for path in sorted(SHIPPED.rglob("*.yaml")):
        assert yaml.safe_load(path.read_text()), path
    collector = yaml.safe_load((SHIPPED / "otel" / "collector.yaml").read_text())
    for pipeline in collector["service"]["pipelines"].values():
        for part in ("receivers", "processors", "exporters"):
            assert set(pipeline[part]) <= set(collector[part])
