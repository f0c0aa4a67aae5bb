"""Whether mail to an address has anywhere to go, by DNS (REG-5)."""

from __future__ import annotations

from email_validator import EmailNotValidError, caching_resolver, validate_email

_SECONDS = 3


class DnsMailDomains:
    """Asks for the domain's mail servers; a name server that does not answer in time is no reason to refuse."""

    def __init__(self) -> None:
        self._resolver = caching_resolver(timeout=_SECONDS)

    def take_mail(self, address: str) -> bool:
        """Whether the domain has a mail server and does not say that it takes none."""
        try:
            validate_email(address, check_deliverability=True, dns_resolver=self._resolver)
        except EmailNotValidError:
            return False
        return True


class AnyMailDomains:
    """Asks nobody, for where there is no DNS to ask."""

    def take_mail(self, address: str) -> bool:  # noqa: ARG002 (the port's signature)
        """True."""
        return True
