"""Addresses outside the site: where texts and sources lead, and which may be asked."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from typing import Any
from urllib.parse import quote

from articles import markup

WEB = re.compile(r"https?://", re.IGNORECASE)
# IPv4 addresses that a gateway carries over IPv6.
CARRIED = IPv6Network("64:ff9b::/96")
# All that was ever given out to the open Internet; `is_global` knows more, and is mistaken.
GIVEN_OUT = IPv6Network("2000::/3")
# Kept for protocols, and not asked for the few in it that are reachable.
FOR_PROTOCOLS = IPv4Network("192.0.0.0/24")


def addresses_in(body: str) -> tuple[str, ...]:
    """Every web address that the links of a Markdown text lead to, each once."""
    return tuple(dict.fromkeys(filter(WEB.match, _targets(body))))


def _targets(body: str) -> Iterator[str]:
    for block in markup.parse(body):
        for token in block.children or []:
            if token.type == "link_open":
                yield str(token.attrGet("href")).partition("#")[0]


def addresses_of(csl: Mapping[str, Any]) -> tuple[str, ...]:
    """The web address of a source, and that of its DOI."""
    url = str(csl.get("URL", "")).strip().partition("#")[0]
    doi = str(csl.get("DOI", "")).strip()
    found = [url] if WEB.match(url) else []
    if doi:
        found.append(f"https://doi.org/{quote(doi, safe='/:;()<>._-')}")
    return tuple(found)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open Internet, and not to a network of somebody's own.

    An address within an address counts as the inner one.
    """
    ip = _innermost(ip_address(address))
    if isinstance(ip, IPv4Address):
        is_outside = ip not in FOR_PROTOCOLS
    else:
        is_outside = ip in GIVEN_OUT
    return is_outside and ip.is_global and not ip.is_multicast


def _innermost(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv4Address):
        return ip
    carried = IPv4Address(int(ip) & 0xFFFFFFFF) if ip in CARRIED else None
    return ip.ipv4_mapped or ip.sixtofour or carried or ip
