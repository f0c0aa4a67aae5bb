"""Send the code of the second step to the contact that was chosen (IDN-1, IDN-2)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.challenge_desk import account_behind, find_challenge
from services.identity.application.code_desk import Order, Sent, send_code
from services.identity.application.ports import Ports, Store
from services.identity.application.second_steps import contact_chosen
from services.identity.domain.accounts import Account
from services.identity.domain.challenges import ChallengeKind
from services.identity.domain.codes import Purpose
from services.identity.domain.devices import NOWHERE, Whereabouts
from services.identity.domain.risk import Trait


@dataclass(frozen=True, slots=True)
class SendSignInCode(Command):
    """`method` is the identifier of one of the methods that were offered."""

    challenge: str
    secret: str | None
    method: str
    whereabouts: Whereabouts = NOWHERE


def send_sign_in_code(command: SendSignInCode, work: UnitOfWork[Store], ports: Ports) -> Sent:
    """Send it; raises `NotFoundError`, what `contact_chosen` raises, and `CodeSentLatelyError`."""
    store = work.writing()
    challenge = find_challenge(command.challenge, command.secret, ChallengeKind.SIGN_IN, store, ports)
    account = account_behind(challenge, store)
    contact = contact_chosen(account, command.method)
    order = Order(
        account,
        contact,
        Purpose.SIGN_IN,
        challenge.site,
        challenge.id,
        is_familiar=challenge.device_id is not None or _knows(account, command.whereabouts, store),
    )
    return send_code(order, work, ports)


def _knows(account: Account, whereabouts: Whereabouts, store: Store) -> bool:
    """Whether its owner has signed in from that network; where nothing is known yet, nowhere is strange."""
    known = store.habits.of(account.user_id).get(Trait.NETWORK, frozenset())
    return not known or whereabouts.network is None or whereabouts.network in known
