"""Passwords are hashed by Argon2id, a bounded number at a time (IDN-16, OPS-8)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from chassis.kernel.errors import UnavailableError
from chassis.security.hashing import Argon2Hasher, Argon2Parameters, HashingSlots
from chassis.security.random import UNAMBIGUOUS, SystemRandomness, stored_form

CHEAP = Argon2Parameters(passes=1, memory_kib=8, lanes=1)


def hasher(parameters: Argon2Parameters = CHEAP) -> Argon2Hasher:
    return Argon2Hasher(parameters, HashingSlots(2, 2, 1.0))


def test_the_parameters_are_owasps__IDN_16() -> None:
    assert (
        Argon2Hasher(Argon2Parameters(), HashingSlots(1, 0, 1)).hash("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    )


def test_a_secret_is_verified__IDN_16() -> None:
    one = hasher()
    hashed = one.hash("correct horse")
    assert one.verify(hashed, "correct horse")
    assert not one.verify(hashed, "Correct horse")
    assert hashed != one.hash("correct horse")


def test_an_account_that_does_not_exist_costs_the_same__IDN_1() -> None:
    one = hasher(Argon2Parameters(passes=1, memory_kib=8192, lanes=1))
    hashed = one.hash("x")

    def seconds(check: Callable[[], bool]) -> float:
        begun = time.perf_counter()
        assert not any(check() for _ in range(5))
        return time.perf_counter() - begun

    times = (seconds(lambda: one.verify(hashed, "y")), seconds(lambda: one.verify_nobodys("y")))
    assert max(times) < 3 * min(times)


def test_a_hash_of_former_parameters_is_to_be_upgraded__IDN_16() -> None:
    old = hasher().hash("x")
    today = hasher(Argon2Parameters(passes=2, memory_kib=8, lanes=1))
    assert today.needs_rehash(old)
    assert today.verify(old, "x")
    assert not today.needs_rehash(today.hash("x"))


def test_what_is_no_hash_is_an_error() -> None:
    with pytest.raises(ValueError, match="not an Argon2 hash"):
        hasher().verify("plain", "plain")


def test_at_most_so_many_run_at_once__OPS_8() -> None:
    slots, running, most = HashingSlots(2, 20, 5.0), 0, 0
    lock = threading.Lock()

    def work(_: int) -> None:
        nonlocal running, most
        with slots.taken():
            with lock:
                running += 1
                most = max(most, running)
            threading.Event().wait(0.005)
            with lock:
                running -= 1

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(work, range(20)))
    assert most == 2


def test_whoever_asks_the_threads_of_the_slots_do_the_work__OPS_8() -> None:
    slots = HashingSlots(2, 20, 5.0)
    with ThreadPoolExecutor(10) as pool:
        askers = set(pool.map(lambda _: threading.get_ident(), range(20)))
        workers = set(pool.map(lambda _: slots.run(threading.get_ident), range(20)))
    assert len(workers) <= 2
    assert workers.isdisjoint(askers)


def test_a_full_queue_says_so_at_once__OPS_8() -> None:
    slots = HashingSlots(1, 1, 30.0)
    waiting = threading.Event()

    def wait() -> None:
        waiting.set()
        with slots.taken():
            pass

    with slots.taken():
        thread = threading.Thread(target=wait)
        thread.start()
        assert waiting.wait(60)
        while slots.waiting == 0:
            time.sleep(0.001)
        begun = time.monotonic()
        with pytest.raises(UnavailableError) as refused, slots.taken():
            pass
        assert time.monotonic() - begun < 5
        assert refused.value.retry_after == 30
    thread.join()


def test_nobody_waits_longer_than_the_bound__OPS_8() -> None:
    slots = HashingSlots(1, 5, 0.01)
    with slots.taken(), pytest.raises(UnavailableError), slots.taken():
        pass
    with slots.taken():
        pass


def test_random_secrets_have_their_forms__REG_15() -> None:
    source = SystemRandomness()
    assert len({source.token() for _ in range(50)}) == 50
    assert len(source.token()) == 43
    assert all(len(source.code()) == 6 and source.code().isdigit() for _ in range(50))
    assert len(source.code(8)) == 8
    assert set("0O1lI").isdisjoint(UNAMBIGUOUS)
    assert len(source.word(10)) == 10
    assert set(source.word(200)) <= set(UNAMBIGUOUS)


def test_a_token_is_stored_by_its_sha256__IDN_16() -> None:
    assert stored_form("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_whoever_watches_is_told_how_busy_the_slots_are__OPS_5() -> None:
    class Told:
        most = running = waiting = refusals = 0

        def offered(self, count: int) -> None:
            self.most = count

        def waits(self, change: int) -> None:
            self.waiting += change

        def runs(self, change: int) -> None:
            self.running += change

        def refused(self) -> None:
            self.refusals += 1

    told = Told()
    slots = HashingSlots(1, 0, 0.01, told)
    with slots.taken():
        assert (told.most, told.running, told.waiting) == (1, 1, 0)
        with pytest.raises(UnavailableError), slots.taken():
            pass
    assert (told.running, told.waiting, told.refusals) == (0, 0, 1)
