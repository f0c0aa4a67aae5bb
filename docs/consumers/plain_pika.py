"""Takes events from Wardenry's broker, with pika alone: prints each once, as a line of JSON.

AMQP_URL=amqps://subscriber.crm:password@broker.example/wardenry QUEUE=subscriber.crm python plain_pika.py
"""

import json
import os
import sys
from typing import Any

import pika

seen: set[tuple[str, str, int]] = set()  # a real consumer keeps these in its database, with what it did


def handle(event: dict[str, Any]) -> None:
    """What is yours to do; it must be safely done when this returns."""
    print(json.dumps(event), flush=True)


def arrived(channel: Any, method: Any, _properties: Any, body: bytes) -> None:
    """Handle what is new, pass over a repeat, and only then say that it need not come again."""
    try:
        event = json.loads(body)
        number = (event["source"], event["subject"], event["sequence"])
    except (ValueError, KeyError, TypeError) as error:
        print(f"set aside, as it cannot be read: {error!r}", file=sys.stderr)
        channel.basic_reject(method.delivery_tag, requeue=False)
        return
    if number not in seen:
        handle(event)
        seen.add(number)
    channel.basic_ack(method.delivery_tag)


def main() -> None:
    """Take what comes, until Ctrl-C."""
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URL"]))
    channel = connection.channel()
    channel.basic_qos(prefetch_count=100)
    channel.basic_consume(os.environ["QUEUE"], arrived)
    try:
        channel.start_consuming()
    except KeyboardInterrupt:
        connection.close()


if __name__ == "__main__":
    main()
