"""Opens what identity sealed for notify alone (NTF-8)."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from joserfc.jwk import OKPKey

from chassis.security.sealing import SealBrokenError, unseal
from services.notify.application.outside import Secret, UnsealableError
from services.notify.domain.message import Sealed


class PrivateKeys:
    """`Unseal` with any of these keys, so that they can be changed while seals of both are on their way."""

    def __init__(self, keys: Sequence[OKPKey]) -> None:
        self._keys = tuple(keys)

    def __call__(self, sealed: Sealed) -> Secret:
        """The secret; raises `UnsealableError`, which says nothing of what was inside."""
        try:
            opened = orjson.loads(unseal(self._keys, sealed.text, sealed.place))
            return Secret(to=opened["to"], code=opened.get("code"), first_name=opened.get("first_name"))
        except (SealBrokenError, orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            raise UnsealableError from None
