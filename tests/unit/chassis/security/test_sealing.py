"""Sealed fields open with the right key, in the right place, unchanged, and in no other case (IDN-16, NTF-8)."""

from __future__ import annotations

import pytest
from joserfc import jwe
from joserfc.jwk import OctKey

from chassis.security.sealing import (
    SealBrokenError,
    Sealer,
    derived_key,
    make_recipient_key,
    recipient_key,
    seal_for,
    unseal,
)

OLD, NEW = b"o" * 31 + b"1", b"n" * 31 + b"2"
PLACE = "authenticator.secret:7"


def test_what_is_sealed_can_be_opened__IDN_16() -> None:
    sealer = Sealer({"old": OLD})
    sealed = sealer.seal("JBSWY3DPEHPK3PXP", PLACE)
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert sealer.unseal(sealed, PLACE) == b"JBSWY3DPEHPK3PXP"
    assert sealer.seal("JBSWY3DPEHPK3PXP", PLACE) != sealed


def test_keys_can_be_changed_while_both_are_in_use() -> None:
    sealed = Sealer({"old": OLD}).seal(b"x", PLACE)
    both = Sealer({"new": NEW, "old": OLD})
    assert both.unseal(sealed, PLACE) == b"x"
    assert not both.is_current(sealed)
    assert both.is_current(both.seal(b"x", PLACE))
    assert not both.is_current("nonsense")
    with pytest.raises(SealBrokenError):
        Sealer({"new": NEW}).unseal(sealed, PLACE)


def test_a_seal_moved_to_another_place_is_broken__IDN_16() -> None:
    sealer = Sealer({"old": OLD})
    sealed = sealer.seal(b"x", PLACE)
    for place in ("authenticator.secret:8", "", "authenticator.secret:77"):
        with pytest.raises(SealBrokenError):
            sealer.unseal(sealed, place)


def test_a_changed_seal_is_broken() -> None:
    sealer = Sealer({"old": OLD})
    sealed = sealer.seal(b"some text", PLACE)
    parts = sealed.split(".")
    changed = [
        ".".join([*parts[:3], "AAAA", parts[4]]),
        ".".join([*parts[:4], "A" * 22]),
        Sealer({"other": NEW}).seal(b"x", PLACE),
        jwe.encrypt_compact({"alg": "dir", "enc": "A128CBC-HS256", "kid": "old"}, b"x", OctKey.import_key(OLD)),
        "",
        "....",
        "ä",
    ]
    for text in changed:
        with pytest.raises(SealBrokenError):
            sealer.unseal(text, PLACE)


def test_large_content_can_be_sealed() -> None:
    sealer = Sealer({"old": OLD})
    assert len(sealer.unseal(sealer.seal(b"x" * 1_000_000, PLACE), PLACE)) == 1_000_000


def test_a_sealer_needs_a_key() -> None:
    with pytest.raises(ValueError, match="needs a key"):
        Sealer({})


def test_only_the_recipient_reads__NTF_8() -> None:
    private, other = make_recipient_key(), make_recipient_key()
    public = recipient_key(private.as_dict(private=False))
    sealed = seal_for(public, '{"code": "123456"}', "identity.code.requested")
    assert unseal([other, private], sealed, "identity.code.requested") == b'{"code": "123456"}'
    for keys, place in (
        ([other], "identity.code.requested"),
        ([private], "elsewhere"),
        ([], "identity.code.requested"),
    ):
        with pytest.raises(SealBrokenError):
            unseal(keys, sealed, place)


def test_a_key_pair_survives_its_written_form() -> None:
    private = make_recipient_key()
    again = recipient_key(private.as_dict(private=True))
    assert again.kid == private.kid
    assert unseal([again], seal_for(private, b"x", "p"), "p") == b"x"


def test_a_seal_at_rest_is_none_for_a_recipient() -> None:
    with pytest.raises(SealBrokenError):
        unseal([make_recipient_key()], Sealer({"old": OLD}).seal(b"x", PLACE), PLACE)


def test_no_key_serves_two_purposes() -> None:
    assert derived_key(OLD, "cursors") != derived_key(OLD, "answers")
    assert derived_key(OLD, "cursors") == derived_key(OLD, "cursors")
    assert len(derived_key(OLD, "cursors")) == 32
