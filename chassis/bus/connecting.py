"""Connections to the broker that never wait for ever (OPS-8)."""

from __future__ import annotations

from kombu.connection import Connection

WITHIN = 5.0
"""Seconds to be let in, for an answer to each question, and for the broker to take what is written: with a memory or
disk alarm it takes nothing.
"""


def connect(url: str, *, heartbeat: int = 0) -> Connection:
    """A connection that is open; raises `OSError` or an error of AMQP's where there is none to be had in time.

    Whatever is asked on it raises `TimeoutError` where no answer comes in time, though no heart beats while one waits.
    """
    limits = {"read_timeout": None, "write_timeout": WITHIN}
    connection = Connection(url, connect_timeout=WITHIN, heartbeat=heartbeat, transport_options=limits)
    connection.connect()
    connection.connection.transport.sock.settimeout(WITHIN)
    return connection
