"""Where walks begin that more people have a part in than one: managers, support, sites."""

from __future__ import annotations

from datetime import timedelta

from tests.integration.identity.orders.own_beginnings import OwnBeginnings
from tests.integration.identity.orders.walks import (
    AGENT,
    MANAGER,
    NEWCOMER,
    OTHER_AGENT,
    OUTSIDER,
    OWNER,
)


class SharedBeginnings(OwnBeginnings):
    """As those of one's own."""

    def begins_with_a_reset(self) -> None:
        """By a manager, twice; what began with the first is over, and the temporary one is good once, for a day."""
        self.comes_in(OWNER, remember=True)
        self.reset_somebodys(90, MANAGER)
        self.comes_in(MANAGER)
        self.reset_somebodys(90, AGENT)
        self.reset_somebodys(90, MANAGER)
        self.reset_somebodys(90, OWNER)
        self.use(91)
        self.signs_in(OWNER, "former")
        self.signs_in(OWNER, device=0)
        self.send(90, "own", "own", 0, same=True)
        self.steps(90, remember=True)
        self.reset_somebodys(0, OWNER)
        self.choose_a_password_of_ones_own(90, "own", site=True)
        self.in_turn(OWNER, remember=True)
        self.signs_in(OWNER)
        self.set_a_recovered_password(90, "own")
        self.choose_a_password_of_ones_own(90, "anothers", site=True)
        self.choose_a_password_of_ones_own(90, "own", site=True)
        self.choose_a_password_of_ones_own(90, "own", site=True)
        self.reset_somebodys(0, OWNER)
        self.time_passes(timedelta(hours=25))
        self.signs_in(OWNER)
        self.forget(OWNER)

    def begins_with_changed_contacts(self) -> None:
        """Added, changed, removed; each can be undone, once and for 72 hours."""
        self.comes_in(OWNER, remember=True)
        self.add_contact(0, "email")
        self.send_to_contact(0, 0)
        self.verify_contact(0, 1, 0, meant=False)
        self.verify_contact(0, 0, 0, meant=True)
        self.verify_contact(0, 0, 0, meant=True)
        self.add_app(0, right=True, same=True)
        self.make_recovery_codes(0)
        self.signs_in(OWNER)
        self.send(90, "own", "own", 0, same=True)
        self.change_contact(0, 0)
        self.send_to_contact(0, 0)
        self.change_contact(0, 0)
        self.verify_contact(0, 0, 0, meant=True)
        self.send_to_contact(0, 0)
        self.verify_contact(0, 0, 0, meant=True)
        self.steps(90)
        self.comes_in(OUTSIDER)
        for act in (self.change_contact, self.send_to_contact, self.remove_contact):
            act(90, 7)
        self.verify_contact(90, 7, 0, meant=False)
        self.remove_contact(0, 1)
        self.remove_contact(0, 0)
        self.undo(90)
        self.undo(90)
        self.comes_in(OWNER)
        self.undo(91)
        self.use(90)
        self.time_passes(timedelta(hours=73))
        self.undo(92)

    def begins_with_a_vouching(self) -> None:
        """Of which two people must approve, who are not the same one; and which can be stopped."""
        self.comes_in(OTHER_AGENT)
        self.vouch(90, OWNER)
        self.vouch(90, OWNER)
        self.settle(90, 0, "confirm")
        self.send_to_vouched(OWNER)
        self.verify_vouched(OWNER, 90)
        self.comes_in(OWNER)
        self.vouch(90, OUTSIDER)
        self.settle(90, 0, "confirm")
        self.settle(90, 0, "reject")
        self.comes_in(AGENT)
        self.settle(90, 0, "confirm")
        self.settle(90, 0, "confirm")
        self.send_to_vouched(OWNER)
        self.verify_vouched(OUTSIDER, 0)
        self.verify_vouched(OWNER, 0)
        self.stop(90, first=True)
        self.stop(90, first=False)
        self.time_passes(timedelta(hours=73))
        self.vouch(0, OWNER)
        self.settle(0, 0, "reject")
        self.settle(0, 0, "confirm")

    def begins_with_a_vouching_that_works(self) -> None:
        """After 72 hours, in place of all that was there before."""
        self.comes_in(OWNER, remember=True)
        self.add_app(0, right=True, same=True)
        self.comes_in(MANAGER)
        self.vouch(90, OWNER)
        self.vouch(90, OUTSIDER)
        self.comes_in(AGENT)
        self.settle(90, 1, "confirm")
        self.send_to_vouched(OWNER)
        self.send_to_vouched(OUTSIDER)
        self.verify_vouched(OUTSIDER, 0)
        self.verify_vouched(OWNER, 0)
        self.time_passes(timedelta(hours=71))
        self.signs_in(OWNER, device=0)
        self.time_passes(timedelta(hours=2))
        self.signs_in(OWNER, device=0)
        self.recover(OWNER)
        self.set_a_recovered_password(90, "own")
        self.in_turn(OWNER)

    def begins_with_a_vouching_outdone(self) -> None:
        """By its owner, who still reached the account; and one whose address nobody verified."""
        self.vouch(0, OWNER)
        self.settle(0, 0, "confirm")
        self.send_to_vouched(OWNER)
        self.verify_vouched(OWNER, 0)
        self.vouch(0, OUTSIDER)
        self.settle(0, 0, "confirm")
        self.comes_in(OWNER)
        self.add_contact(90, "mobile")
        self.send_to_contact(90, 0)
        self.verify_contact(90, 0, 0, meant=True)
        self.write_down_a_number(90)
        self.time_passes(timedelta(hours=73))
        self.time_passes(timedelta(days=15))

    def begins_with_a_site(self) -> None:
        """A ticket: in its own browser, once, for a minute, of an account that is as it was."""
        for late in (False, True):
            self.open_site(0, 0)
            self.in_turn(OWNER, site=True)
            self.world.clock.advance(seconds=60 if late else 0)
            self.carry_on(0, right=late)
            self.carry_on(0, right=True)
        self.open_site(0, 0)
        self.in_turn(OWNER, site=True)
        self.change_password(0, "present")
        self.carry_on(0, right=True)
        self.open_site(0, 0)
        self.in_turn(OWNER, site=True)
        self.carry_on(0, right=True)
        self.carry_on(0, right=True)
        self.in_turn(OWNER, site=True)
        self.open_site(0, 1)
        self.open_site(1, 0)
        self.take_anothers_cookie(0, 0)

    def begins_with_codes_of_sites(self) -> None:
        """A code, and tokens, for whom they were made, once; a second use ends the session."""
        self.open_site(0, 0)
        self.in_turn(OWNER, site=True)
        self.carry_on(0, right=True)
        self.redeem(0, site=False, verifier=True)
        self.redeem(0, site=True, verifier=False)
        self.redeem(0, site=True, verifier=True)
        self.introspect(0, of_access=True)
        self.refresh(0, right=False)
        self.refresh(0, right=True)
        self.introspect(0, of_access=False)
        self.introspect(1, of_access=False)
        self.open_site(0, 1)
        self.redeem(0, site=True, verifier=True)
        self.give_back(0)
        self.refresh(0, right=True)
        self.use(1)
        self.open_site(0, 1)
        self.world.clock.advance(seconds=60)
        self.redeem(0, site=True, verifier=True)
        self.open_site(0, 0)
        self.redeem(0, site=True, verifier=True)
        self.redeem(0, site=True, verifier=True)
        self.use(0)
        self.open_site(0, 0)

    def begins_with_a_disabled_account(self) -> None:
        """No way in is left, and after it is reactivated only what shows that its address is still its owner's."""
        self.comes_in(OWNER, remember=True)
        self.add_app(0, right=True, same=True)
        self.add_passkey(0, same=True)
        self.comes_in(OWNER)
        self.recover(OWNER)
        self.signs_in(OWNER)
        self.send(90, "own", "own", 0, same=True)
        self.is_not_there_for_a_year(OWNER)
        self.steps(90)
        self.set_a_recovered_password(91, "own")
        self.use(90)
        self.refresh(90, right=True)
        self.signs_in(OWNER, device=0)
        self.sign_in_by_passkey(90, "own", 0)
        self.forget(OWNER)
        self.send(90, "own", "own", 0, same=True)
        self.reset_somebodys(0, OWNER)
        self.support_acts(0, OWNER, "unlock")
        self.support_acts(0, OWNER, "lock")
        self.support_acts(0, OWNER, "reactivate")
        self.support_acts(0, OWNER, "reactivate")
        self.time_passes(timedelta(seconds=70))
        self.sign_in_by_passkey(90, "own", 0)
        self.signs_in(OWNER, device=0)
        self.steps(90, "app")
        self.send(90, "own", "own", 0, same=True)
        self.steps(90)
        self.signs_in(OWNER, device=0)

    def begins_with_support(self) -> None:
        """Which alone acts on accounts, and not on its own; two agents erase one."""
        self.comes_in(OUTSIDER, remember=True)
        self.comes_in(AGENT)
        for what in ("lock", "unlock", "reactivate", "end-sessions", "erase"):
            self.support_acts(91, NEWCOMER, what)
            self.support_acts(90, AGENT, what)
        self.support_acts(90, OUTSIDER, "end-sessions")
        self.comes_in(OUTSIDER)
        self.signs_in(OUTSIDER)
        self.send(90, "own", "own", 0, same=True)
        self.support_acts(0, OUTSIDER, "lock")
        self.steps(90)
        self.signs_in(OUTSIDER, device=0)
        self.use(90)
        self.forget(OUTSIDER)
        self.support_acts(0, OUTSIDER, "unlock")
        self.in_turn(OUTSIDER)
        self.support_acts(0, OUTSIDER, "erase")
        self.support_acts(0, OUTSIDER, "erase")
        self.comes_in(OTHER_AGENT)
        self.support_acts(90, OUTSIDER, "erase")
        self.use(91)
        self.signs_in(OUTSIDER)
        self.support_acts(90, OUTSIDER, "unlock")

    def begins_with_a_registration(self) -> None:
        """Of somebody who has not confirmed their address."""
        self.signs_in(NEWCOMER)
        self.forget(NEWCOMER)
        self.send(90, "own", "own", 0, same=True)
        self.ask_for_the_confirmation_again(NEWCOMER, "wrong", corrected=True)
        self.ask_for_the_confirmation_again(NEWCOMER, "present", corrected=False)
        self.confirm(OWNER, 0)
        self.confirm(NEWCOMER, 91)
        self.confirm(NEWCOMER, 0)
        self.confirm(NEWCOMER, 0)
        self.ask_for_the_confirmation_again(NEWCOMER, "present", corrected=True)
        self.comes_in(NEWCOMER)
