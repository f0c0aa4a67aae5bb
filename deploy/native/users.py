"""The system users under whom private servers run, since some refuse to run as root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from deploy.native.errors import ServerError


@dataclass(frozen=True)
class User:
    """Who a server runs as; None stands for whoever runs this."""

    number: int | None = None
    group: int | None = None

    @property
    def groups(self) -> list[int] | None:
        """No further groups for another user; one's own are kept."""
        return None if self.number is None else []

    def own(self, path: Path) -> None:
        """Hand a file or folder over to this user."""
        if self.number is not None and self.group is not None:
            os.chown(path, self.number, self.group)


def server_user(name: str) -> User:
    """The user that a Debian package made for its server, where root can switch to it; else oneself.

    Raises ServerError when there is no such user.
    """
    if os.geteuid() != 0:
        return User()
    try:
        entry = pwd.getpwnam(name)
    except KeyError as error:
        raise ServerError(f"there is no user {name}: install its server's Debian package again") from error
    return User(entry.pw_uid, entry.pw_gid)
