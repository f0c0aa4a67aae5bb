"""`wardenry bus replay`: history for a consumer that is new, or has lost something (OPS-4)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from chassis.bus.operations.deliveries import InboxDelivery, QueueDelivery
from chassis.bus.operations.history import Deliver, History, Outcome
from chassis.bus.subscriptions import wanted_by
from chassis.bus.topology import queue_is_there, queue_name
from wardenry.commands.bus.surroundings import Surroundings, surroundings
from wardenry.commands.operating import RefusedError, data_option, json_option
from wardenry.registry import SERVICES, listeners, subscriptions_of

_BEGINNING = "beginning"


class Moment(click.ParamType[datetime]):
    """A time with its zone, or the beginning of all."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read ISO 8601."""
        if isinstance(value, datetime):
            return value
        if value == _BEGINNING:
            return datetime(1970, 1, 2, tzinfo=UTC)
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-03-01T00:00Z.", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value!r} lacks its time zone: write {value}Z for UTC.", param, ctx)
        return moment


@click.command()
@click.option("--from", "since", type=Moment(), required=True, help="2026-03-01T00:00Z, or `beginning`.")
@click.option("--to", "service", type=click.Choice(SERVICES), required=True, help="The consumer that gets it.")
@data_option
@json_option
def replay(since: datetime, service: str, data: Path | None, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Give SERVICE everything again that it listens to and that its sources' outboxes still have from a time on.

    Nobody else gets anything, nothing has to stop, and what SERVICE has handled it does not handle again. No mail is
    sent for history. A subject that SERVICE has begun goes on where it stands. May be interrupted and called again.

    Exit codes: 0 done; 1 interrupted, or something is lacking that no outbox has any more; 2 unusable.
    """
    outcome = Outcome()
    with surroundings(data, (service, *listeners()[service])) as there:
        deliver, target = _delivery(there, service), there.engines[service]
        histories = [History(there.engines[each], each, since, target) for each in listeners()[service]]
        with _bar(sum(each.size() for each in histories)) as advanced:
            try:
                for history in histories:
                    history.replay(deliver, outcome, advanced)
            except KeyboardInterrupt:
                raise RefusedError(
                    f"Interrupted after {outcome.events} events: call it again, repeats do nothing."
                ) from None
    _say(outcome, service, as_json=as_json)


def _delivery(there: Surroundings, service: str) -> Deliver:
    if there.broker is None:
        return InboxDelivery(there.engines[service], wanted_by(subscriptions_of(service)))
    if not queue_is_there(there.broker, queue_name(service)):
        raise RefusedError(
            f"{queue_name(service)} is not there, and would miss what comes now: `wardenry bus declare`."
        )
    return QueueDelivery(there.broker, service, waiting=lambda: None)


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], object]]:
    """A progress bar on standard error, where that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("events"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("events", total=total)
        yield lambda count: bar.advance(task, count)


def _say(outcome: Outcome, service: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"events": outcome.events, "short": outcome.short, "subjects": outcome.names}))
    else:
        click.echo(f"{outcome.events} events were handed to {service}.")
    if outcome.short:
        raise RefusedError(
            f"{service} lacks events of {outcome.short} subjects that no outbox has any more, and waits there:"
            f" {', '.join(outcome.names)}"
        )
