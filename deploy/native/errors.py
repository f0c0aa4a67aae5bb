"""What can go wrong with a private server."""


class ServerError(Exception):
    """A server could not be installed, did not start or did not stop; the message says what to do."""
