"""
Which addresses of the internet a webhook may reach, and which a host name has.

Whoever may write a campaign may write any URL; the function that asks it stands inside the account,
next to the metadata of its host and to whatever its network can reach.
"""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Thread

type Address = IPv4Address | IPv6Address


class Unresolved(Exception):
    """Nobody knows now where a host is; the text goes on after "the host has"."""


type Resolver = Callable[[str, int], Sequence[Address]]
"""Returns all addresses of a host, the best first; raises `Unresolved`."""

RESOLVE_TIMEOUT_S = 2.0
"""
How long the addresses of a host may take, in seconds.

Our own: the resolver of a Lambda function answers within milliseconds, and `getaddrinfo` itself
would wait 5 s twice for each name server (resolv.conf(5), `timeout` and `attempts`, read 2026-11).
"""

_NOT_PUBLIC_V4 = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by carriers (CGNAT)
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # the host's services on Azure
            "169.254.0.0/16",  # link-local, with the metadata of the host
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # IETF protocols
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # AMT
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",  # private
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
"""
What no webhook may reach.

Source: IANA IPv4 Special-Purpose Address Registry and IPv4 Multicast Address Space (read 2026-11);
Microsoft, "What is IP address 168.63.129.16?" (read 2026-11).
"""

_UNICAST_V6 = ip_network("2000::/3")
"""
All that IANA gives out: what lies outside is loopback, local, multicast, mapped, or translated.

Source: IANA IPv6 Global Unicast Address Assignments (read 2026-11).
"""

_NOT_PUBLIC_V6 = tuple(
    map(
        ip_network,
        (
            "2001::/23",  # IETF protocols: Teredo, benchmarks, ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, which holds an IPv4 address
            "2620:4f:8000::/48",  # AS112
            "3ffe::/16",  # the old 6bone
            "3fff::/20",  # documentation
        ),
    )
)
"""Source: IANA IPv6 Special-Purpose Address Registry (read 2026-11); RFC 3701 for the 6bone."""

_ISATAP = (0x0000_5EFE, 0x0200_5EFE)
"""What stands before the IPv4 address in an interface id that holds one; RFC 5214, section 6.1."""


def is_public(address: Address) -> bool:
    """
    Whether the address is one of the public internet, for unicast, and hides no other address.

    An address that holds an IPv4 address (mapped, NAT64, 6to4, Teredo, ISATAP) never is, whatever
    it holds: a public host has one of its own.
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_V4) and address.is_global
    return (
        address.scope_id is None
        and address in _UNICAST_V6
        and not any(address in network for network in _NOT_PUBLIC_V6)
        and (int(address) >> 32) & 0xFFFF_FFFF not in _ISATAP
        and address.is_global
    )


def resolve(host: str, port: int) -> Sequence[Address]:
    """
    Return all addresses of the host, as the system orders them, by one look-up.

    Raises:
        Unresolved: there are none, or they are not known within `RESOLVE_TIMEOUT_S`.
    """
    answers: SimpleQueue[Sequence[Address] | Exception] = SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            answers.put(error)
        else:
            answers.put([ip_address(info[4][0]) for info in found])

    # A look-up cannot be broken off: the thread is left to end by itself.
    Thread(target=look_up, name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=RESOLVE_TIMEOUT_S)
    except Empty:
        raise Unresolved(f"no address within {RESOLVE_TIMEOUT_S:g} s") from None
    if isinstance(answer, Exception):
        raise Unresolved(f"no address: {type(answer).__name__}") from answer
    return answer
