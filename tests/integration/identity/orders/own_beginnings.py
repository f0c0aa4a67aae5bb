"""Where walks begin, by what people do with their own accounts: where the rules are tempted most."""

from __future__ import annotations

from datetime import timedelta

from tests.integration.identity.orders.steps import Steps
from tests.integration.identity.orders.walks import (
    AGENT,
    LATEST,
    MANAGER,
    NEWCOMER,
    OUTSIDER,
    OWNER,
)


class OwnBeginnings(Steps):
    """Each leads to what is tried next by anybody, in any order."""

    def begins_with_two_flows_of_one_account(self) -> None:
        """A code that was sent in one flow, tried in the other; twice; by somebody else; late."""
        self.signs_in(OWNER)
        self.signs_in(OWNER)
        self.send(91, "own", "anothers", 0, same=True)
        self.send(91, "own", "own", 9, same=True)
        self.send(91, "own", "own", 0, same=True)
        self.steps(90, thing=90)
        self.pass_step(91, "own", "anothers", "code", 0, remember=True, site=True, same=True)
        self.pass_step(91, "own", "none", "code", 0, remember=True, site=True, same=True)
        self.steps(91, "nothing")
        self.steps(91)
        self.steps(91)
        self.steps(90, thing=90)
        self.send(90, "own", "own", 0, same=True)
        self.signs_in(OUTSIDER)
        self.steps(90, thing=90)
        self.world.clock.advance(minutes=9, seconds=59)
        self.steps(91)
        self.in_turn(OWNER)

    def begins_with_codes_that_grow_old(self) -> None:
        """A code lives for ten minutes, and no longer than its flow."""
        self.comes_in(OWNER)
        self.begin_step_up(LATEST)
        self.comes_in(OUTSIDER)
        self.send(91, "own", "own", 0, same=False)
        self.world.clock.advance(minutes=1)
        self.send(91, "own", "own", 0, same=True)
        self.steps(91, same=False)
        self.forget(OWNER)
        self.send(90, "own", "anothers", 0, same=True)
        self.send(90, "own", "own", 0, same=True)
        self.world.clock.advance(minutes=9)
        self.steps(92)
        self.world.clock.advance(minutes=1)
        self.prove(90, "own", "own", None, 0)
        self.send(90, "own", "own", 0, same=True)
        self.prove(90, "own", "own", None, 0)
        self.world.clock.advance(minutes=20)
        self.set_a_recovered_password(90, "own")

    def begins_with_wrong_codes(self) -> None:
        """Five, and then the right one is worth nothing."""
        self.signs_in(OWNER)
        self.send(90, "own", "own", 0, same=True)
        for _ in range(5):
            self.steps(90, "nothing")
        self.steps(90)
        self.signs_in(OWNER)
        self.steps(91)
        self.send(91, "own", "own", 0, same=True)
        self.steps(91)

    def begins_with_second_steps(self) -> None:
        """All kinds of them: not twice, not for another challenge, not another's."""
        self.comes_in(OWNER, remember=True)
        self.add_app(0, right=False, same=True)
        self.add_app(0, right=True, same=True)
        self.add_passkey(0, same=True)
        self.make_recovery_codes(0)
        self.signs_in(OWNER)
        self.steps(90, "app")
        self.time_passes(timedelta(seconds=70))
        self.steps(90, "app", 4)
        self.steps(90, "app")
        self.signs_in(OWNER)
        self.steps(90, "app")
        self.steps(90, "paper")
        self.signs_in(OWNER)
        self.steps(90, "paper")
        self.steps(90, "passkey", 5)
        self.steps(90, "passkey")
        self.sign_in_by_passkey(90, "anothers", 0)
        self.sign_in_by_passkey(90, "own", 1)
        self.sign_in_by_passkey(90, "own", 1)
        self.signs_in(OUTSIDER)
        self.steps(90, "paper", 2)
        self.steps(90, "app", 4)
        self.steps(90, "passkey")
        self.comes_in(OUTSIDER)
        self.remove_second_step(90, 1)
        self.add_app(91, right=True, same=False)
        self.add_passkey(91, same=False)
        self.remove_second_step(0, 0)

    def begins_with_guesses_at_second_steps(self) -> None:
        """Which lock them all, whatever they are made by."""
        self.comes_in(OWNER)
        self.add_app(0, right=True, same=True)
        self.time_passes(timedelta(seconds=70))
        self.signs_in(OWNER)
        for _ in range(6):
            self.steps(90, "app", 3)
        self.steps(90, "app")
        self.signs_in(OWNER)
        self.steps(90, "app")
        self.support_acts(0, OWNER, "unlock")

    def begins_with_a_trusted_device(self) -> None:
        """It stands for nobody else, in no other browser, not while somebody is refused, and not for a fresh step."""
        self.comes_in(OWNER, remember=True)
        self.signs_in(OWNER, device=0)
        self.add_contact(LATEST, "email")
        self.change_password(LATEST, "present")
        self.sign_in(OWNER, "present", 0, fox=False, site=True)
        self.signs_in(OUTSIDER, device=0)
        self.begin_step_up(91)
        self.send(90, "own", "own", 0, same=True)
        self.steps(90)
        self.is_guessed_at_until_locked(OWNER)
        self.signs_in(OWNER, device=0)
        self.support_acts(0, OWNER, "unlock")
        self.signs_in(OWNER)
        self.time_passes(timedelta(days=31))
        self.signs_in(OWNER, device=0)

    def begins_with_a_device_after_changes(self) -> None:
        """Of the password, of contacts, and by its owner."""
        self.comes_in(OWNER, remember=True)
        self.end(0, 90, "devices")
        self.signs_in(OWNER, device=0)
        self.comes_in(OWNER, remember=True)
        self.add_contact(0, "email")
        self.send_to_contact(0, 0)
        self.verify_contact(0, 0, 0, meant=True)
        self.signs_in(OWNER, device=0)
        self.send(90, "own", "own", 0, same=True)
        self.steps(90)
        self.signs_in(OWNER, device=0)
        self.comes_in(OWNER)
        self.change_password(90, "wrong")
        self.change_password(90, "present")
        self.use(91)
        self.refresh(91, right=True)
        self.signs_in(OWNER, device=0)

    def begins_with_stale_sessions(self) -> None:
        """Nothing that leads to an account is changed more than five minutes after a second step."""
        self.comes_in(OWNER)
        self.add_app(0, right=True, same=True)
        self.add_contact(0, "email")
        self.send_to_contact(0, 0)
        self.comes_in(MANAGER)
        self.vouch(90, OUTSIDER)
        self.comes_in(AGENT)
        self.world.clock.advance(minutes=5)
        self.verify_contact(92, 0, 0, meant=True)
        self.add_contact(92, "email")
        self.change_contact(92, 0)
        self.send_to_contact(92, 0)
        self.remove_contact(92, 1)
        self.add_app(92, right=True, same=True)
        self.add_passkey(92, same=True)
        self.make_recovery_codes(92)
        self.remove_second_step(92, 0)
        self.change_password(92, "present")
        self.answer_other_questions(92)
        self.reset_somebodys(91, OWNER)
        self.vouch(91, OWNER)
        self.settle(90, 0, "confirm")
        self.write_down_a_number(92)
        self.extend(92)

    def begins_with_sessions_that_end(self) -> None:
        """By their owner, by nobody else, and by themselves."""
        self.comes_in(OUTSIDER)
        self.comes_in(OWNER)
        self.comes_in(OWNER)
        self.end(92, 90, "one")
        self.end(91, 90, "one")
        self.use(90)
        self.refresh(90, right=True)
        self.end(90, 90, "one")
        self.begin_step_up(90)
        self.extend(90)
        self.end(91, 91, "this")
        self.end(91, 91, "this")
        self.end(91, 91, "all")
        self.end(91, 91, "devices")
        self.write_down_a_number(91)
        self.comes_in(OWNER)
        self.end(90, 90, "all")
        self.use(90)
        self.comes_in(OWNER)
        self.world.clock.advance(minutes=16)
        self.use(90)
        self.refresh(90, right=True)

    def begins_with_refreshed_tokens(self) -> None:
        """A token that is spent is worth nothing, and ends its session; so does one that is given back."""
        self.comes_in(OWNER)
        self.refresh(90, right=True)
        self.refresh(90, right=False)
        self.refresh(91, right=True)
        self.use(90)
        self.refresh(90, right=True)
        self.comes_in(OWNER)
        self.give_back(90)
        self.refresh(90, right=True)
        self.use(90)

    def begins_with_recoveries(self) -> None:
        """Two of one account, both of which might come to an end; each proof is needed, and all at once."""
        self.comes_in(OWNER, remember=True)
        self.recover(OWNER)
        self.forget(OWNER)
        self.set_a_recovered_password(90, "own")
        self.prove(90, "own", "own", None, 90)
        self.send(90, "own", "own", 0, same=True)
        for wrong in ("born", "answer", "code"):
            self.prove(90, "own", "own", wrong, 0)
            self.set_a_recovered_password(90, "own")
        self.signs_in(OWNER)
        self.send(90, "own", "own", 0, same=True)
        self.prove(91, "own", "own", None, 90)
        self.prove(91, "own", "anothers", None, 0)
        self.prove(91, "own", "own", None, 0)
        self.choose_a_password_of_ones_own(91, "own", site=True)
        self.set_a_recovered_password(91, "anothers")
        self.set_a_recovered_password(92, "own")
        self.set_a_recovered_password(91, "own")
        self.set_a_recovered_password(92, "own")
        self.steps(90)
        self.use(90)
        self.signs_in(OWNER, "former")
        self.signs_in(OWNER, device=0)

    def begins_with_codes_of_other_recoveries(self) -> None:
        """A code belongs to its flow, and to its account."""
        self.forget(OWNER)
        self.send(90, "own", "own", 0, same=True)
        self.forget(OWNER)
        self.send(90, "own", "own", 0, same=True)
        self.prove(91, "own", "own", None, 90)
        self.forget(OUTSIDER)
        self.send(90, "own", "own", 0, same=True)
        self.prove(91, "own", "own", None, 90)
        self.prove(90, "own", "own", None, 91)
        self.confirm(NEWCOMER, 90)
        self.forget(NEWCOMER)
        self.send(90, "own", "own", 0, same=True)
        self.prove(90, "own", "own", None, 90)
        self.ask_for_the_user_id(OWNER, right=True)
