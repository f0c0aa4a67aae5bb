"""Tokens, and the way by which sites get theirs: each of them once, for whom it was made (IDN-10 to IDN-12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from services.identity.adapters.tables import session as sessions
from tests.integration.identity.orders.ledger import REQUEST, TICKET, Access, Session, Soul
from tests.integration.identity.orders.others import Others
from tests.integration.identity.orders.walks import MOSTLY, OWNER, RECENT, Asked, Grant, Ticket
from tests.integration.identity.sites import SESSION, Browser, Site, behavioral, handle_in, medical

WHICH_BROWSER = st.sampled_from([0, 0, 0, 1])
REUSED = timedelta(minutes=10)


class Sites(Others):
    """Refreshing, signing out, and browsers that sign in to sites."""

    def begin_browsing(self) -> None:
        self.browsing: list[Session | None] = [None, None]
        self.portals = [medical(self.world), behavioral(self.world)]

    # Tokens

    @rule(which=RECENT, right=MOSTLY)
    def refresh(self, which: int, right: bool) -> None:
        access = self.pick(self.found.access, which)
        if access is not None:
            self._refresh(access, access.site if right else self.portals[0] if access.site is None else None)

    def refreshed(self, last: Access) -> Access:
        self._refresh(last, last.site)
        return last.session.access[-1]

    def _refresh(self, access: Access, site: Site | None) -> None:
        self.world.clock.advance(seconds=2)
        text = access.refresh
        answer = site.refresh(text) if site else self.world.refresh(text)
        session = access.session
        theirs = not access.revoked and (site and site.client_id) == (access.site and access.site.client_id)
        alive = theirs and session.alive(self.now)
        may = alive and not access.used
        self.judge("POST /oidc/token", answer, may=may, why="refresh")
        if alive and access.used:
            session.ended = True  # nobody can tell the thief from the owner
        if may:
            access.used, session.used = True, self.now
            self.tokens(session, answer.get_json(), site, access.family)

    @rule(which=RECENT)
    def use(self, which: int) -> None:
        """An access token, at any age."""
        access = self.pick(self.found.access, which)
        if access is not None:
            self.judge("GET /me", self.call("GET /me", token=access.text), may=access.good(self.now))

    @rule(which=RECENT, of_access=MOSTLY)
    def introspect(self, which: int, of_access: bool) -> None:
        """By a site, any token: it is told of its own alone."""
        access = self.pick(self.found.access, which)
        if access is None:
            return
        self.world.clock.advance(seconds=2)
        site, session = self.portals[0], access.session
        answer = site.call("introspect", {"token": access.text if of_access else access.refresh})
        worth = access.good(self.now) if of_access else not (access.used or access.revoked) and session.alive(self.now)
        worth = worth and access.site is not None and access.site.client_id == site.client_id
        assert answer.get_json()["active"] is worth
        self.judge("POST /oidc/introspect", answer, may=True)

    @rule(which=RECENT)
    def give_back(self, which: int) -> None:
        access = self.pick(self.found.access, which)
        if access is None:
            return
        self.world.clock.advance(seconds=2)
        form = {"token": access.refresh}
        client = self.world.service.app.test_client()
        own = {"client_id": "wardenry-api"}
        answer = access.site.call("revoke", form) if access.site else client.post("/oidc/revoke", data=form | own)
        self.judge("POST /oidc/revoke", answer, may=True)
        access.session.ended = access.session.ended or (access.site is None and not access.revoked)
        for each in access.family:
            each.revoked = True

    @rule(which=RECENT)
    def extend(self, which: int) -> None:
        session = self.session(which)
        if session is None:
            return
        bearer = self.awake(session)
        answer = self.call("POST /me/session/extend", token=bearer.text)
        may = bearer.good(self.now) and session.alive(self.now)
        if self.judge("POST /me/session/extend", answer, may=may):
            session.used = self.now

    @rule(which=RECENT, other=RECENT, what=st.sampled_from(["this", "one", "one", "all", "devices"]))
    def end(self, which: int, other: int, what: str) -> None:
        """A session, this or another one, or all of them, or all trusted devices."""
        session, ended = self.session(which, OWNER), self.pick(self.found.sessions, other)
        if session is None or ended is None:
            return
        bearer, soul = self.awake(session), session.soul
        rule_ = {"this": "POST /sign-out", "one": "DELETE /me/sessions/<uuid:session>", "all": "DELETE /me/sessions"}
        path = rule_.get(what, "DELETE /me/devices")
        answer = self.call(path, token=bearer.text, session=ended.id)
        may = bearer.good(self.now) and (what != "one" or (ended.soul is soul and not ended.ended))
        if self.judge(path, answer, may=may):
            gone = {"this": [session], "one": [ended], "all": soul.sessions}.get(what, [])
            for each in gone:
                each.ended = True
            soul.devices = soul.devices if what != "devices" else []

    # Browsers

    @rule(browser=WHICH_BROWSER, site=WHICH_BROWSER)
    def open_site(self, browser: int, site: int) -> None:
        """A browser comes for a code: whoever is signed in in it gets one, everybody else is led to sign in."""
        self.world.clock.advance(seconds=2)
        at, of, present = self.browsers[browser], replace(self.portals[site]), self.browsing[browser]
        answer = at.get(of.ask())
        known = present is not None and present.alive(self.now) and present.soul.state == "active"
        at_site = answer.headers["Location"].startswith(of.redirect_uri)
        assert at_site is known
        self.judge("GET /oidc/authorize", answer, may=True)
        if present is not None and known:
            present.used = self.now
            self.found.grants.append(Grant(of.code_in(answer), of, present, self.now))
        else:
            self.found.asked.append(Asked(handle_in(answer), at, of, self.now))

    @rule(which=RECENT, right=MOSTLY)
    def carry_on(self, which: int, right: bool) -> None:
        """With a ticket, in the browser that began or in another one."""
        ticket = self.pick(self.found.tickets, which)
        if ticket is None:
            return
        self.world.clock.advance(seconds=2)
        began = self.browsers.index(ticket.asked.browser)
        at = began if right else 1 - began
        answer = self.browsers[at].get(ticket.path)
        may = self._carries_on(ticket, at == began)
        self.judge("GET /oidc/continue", answer, may=may)
        if may:
            session = self._browses(ticket, at)
            self.found.grants.append(Grant(ticket.asked.site.code_in(answer), ticket.asked.site, session, self.now))

    def _carries_on(self, ticket: Ticket, here: bool) -> bool:
        """Once, within a minute, in that browser, for what was asked there, by an account that is as it was."""
        good = not ticket.taken and self.now < ticket.at + TICKET
        ticket.taken = True
        asked, soul = ticket.asked, ticket.soul
        good = good and here and not asked.answered and self.now < asked.at + REQUEST
        asked.answered = asked.answered or good
        return good and soul.state == "active" and not soul.outdates(ticket.at)

    def _browses(self, ticket: Ticket, at: int) -> Session:
        present, soul = self.browsing[at], ticket.soul
        if present is not None and present.alive(self.now) and present.soul is soul:
            present.shown, present.by_device = ticket.at, ticket.by_device
            present.began = present.used = self.now
            return present
        if present is not None and present.alive(self.now):
            present.ended = True
        made = Session(self._new_session(soul), soul, self.now, self.now, self.now, ticket.by_device)
        soul.sessions.append(made)
        self.found.sessions.append(made)
        self.browsing[at] = made
        return made

    def _new_session(self, soul: Soul) -> str:
        known = {each.id for each in soul.sessions}
        with self.world.service.engine.connect().execution_options(write=False) as connection:
            statement = select(sessions.c.id).where(sessions.c.user_id == soul.user_id)
            (new,) = [each for each in connection.execute(statement).scalars() if each not in known]
        return str(new)

    @rule(which=RECENT, site=MOSTLY, verifier=MOSTLY)
    def redeem(self, which: int, site: bool, verifier: bool) -> None:
        """A code, for tokens: once, by whom it was made for, who shows that they asked."""
        grant = self.pick(self.found.grants, which)
        if grant is None:
            return
        self.world.clock.advance(seconds=2)
        other = next(each for each in self.portals if each.client_id != grant.site.client_id)
        by = grant.site if site else replace(other, verifier=grant.site.verifier, redirect_uri=grant.site.redirect_uri)
        changed: dict[str, Any] = {} if verifier else {"code_verifier": "x" * 64}
        answer = by.redeem(grant.text, **changed)
        session = grant.session
        fits = site and verifier and not grant.used
        may = fits and self.now < grant.at + TICKET and session.alive(self.now) and session.soul.state == "active"
        self.judge("POST /oidc/token", answer, may=may, why="code")
        if site and grant.redeemed and self.now < grant.redeemed + REUSED:
            session.ended = True
        if fits:
            grant.used, grant.redeemed = True, self.now if may else None
        if may:
            session.used = self.now
            self.tokens(session, answer.get_json(), grant.site)

    @rule(which=RECENT, browser=WHICH_BROWSER)
    def take_anothers_cookie(self, which: int, browser: int) -> None:
        """An identifier of another kind is no session (IDN-10)."""
        things = [each.refresh for each in self.found.access] + [each.text for each in self.found.access]
        things += [each.secret for each in self.found.flows] + [each.token for each in self.found.devices]
        thing = self.pick(things, which)
        if thing is not None:
            self.world.clock.advance(seconds=2)
            stranger = Browser(self.world, {SESSION: thing})
            assert handle_in(stranger.get(replace(self.portals[browser]).ask()))
