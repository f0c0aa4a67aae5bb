"""From an address to its country, out of the regional registries' lists as `iptocc` brings them."""

from __future__ import annotations

from iptocc import country_code


class IptoccCountries:
    """`Countries`; the lists are as old as the installed package, and ask nobody."""

    def country_of(self, address: str) -> str | None:
        return country_code(address)
