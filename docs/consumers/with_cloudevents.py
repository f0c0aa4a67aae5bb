"""Takes events from Wardenry's broker and reads them with the CloudEvents SDK: prints each, as a line of JSON.

AMQP_URL=amqps://subscriber.crm:password@broker.example/wardenry QUEUE=subscriber.crm python with_cloudevents.py
"""

import json
import os
from typing import Any

import pika
from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_structured_event

CONTENT_TYPE = "application/cloudevents+json"
MUST_HAVE = ("specversion", "id", "source", "type", "time")


def read(content_type: str | None, body: bytes) -> BaseCloudEvent:
    """The event; the SDK would make up an `id` and a `time` for one that has none, so these are looked at first."""
    there = json.loads(body)
    missing = [name for name in MUST_HAVE if not there.get(name)]
    if content_type != CONTENT_TYPE or missing:
        raise ValueError(f"no event: {content_type}, without {missing}")
    return from_structured_event(RabbitMQMessage({}, content_type, body))


def main() -> None:
    """Take what comes, until Ctrl-C."""
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URL"]))
    channel = connection.channel()
    channel.basic_qos(prefetch_count=100)
    try:
        for method, properties, body in channel.consume(os.environ["QUEUE"]):
            event = read(properties.content_type, body)
            told: dict[str, Any] = dict(event.get_attributes())
            print(json.dumps({**told, "data": event.get_data()}, default=str), flush=True)
            channel.basic_ack(method.delivery_tag)
    except KeyboardInterrupt:
        connection.close()


if __name__ == "__main__":
    main()
