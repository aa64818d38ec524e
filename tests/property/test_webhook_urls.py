"""
The URL of a webhook has one meaning: whatever is accepted, every reader finds the same host in it.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from unless.channels.public_addresses import is_public
from unless.channels.webhook_url import Target, target_of

NOTATIONS = ("{:d}", "{:#x}", "{:#X}", "0{:o}", "00{:o}", "{:08d}")


@st.composite
def addresses_anyhow(draw: st.DrawFn) -> tuple[IPv4Address, str]:
    """An IPv4 address, and one of the ways in which `inet_aton` reads it."""
    address = IPv4Address(draw(st.integers(0, 2**32 - 1)))
    data = address.packed
    parts = draw(st.integers(1, 4))
    numbers = [*data[: parts - 1], int.from_bytes(data[parts - 1 :])]
    written = [draw(st.sampled_from(NOTATIONS[:5])).format(number) for number in numbers]
    return address, ".".join(written)


@given(addresses_anyhow())
def test_an_address_is_accepted_in_its_usual_notation_only(
    case: tuple[IPv4Address, str],
) -> None:
    """All others mean different addresses to different readers."""
    address, text = case
    assert socket.inet_aton(text) == address.packed
    target = target_of(f"https://{text}/")
    assert isinstance(target, Target) == (text == str(address))


PIECES = (
    "https http :// : / // \\ @ # ? [ ] % %2e %40 . .. a shop.example 127.0.0.1 ::1 2606:4700::1 "
    "443 0x7f 1 - _ xn-- é 。 localhost internal"
)
URLISH = st.lists(st.sampled_from([*PIECES.split(" "), " ", "\t", "\n", "\x00"]), max_size=9).map(
    "".join
)
PLAUSIBLE = st.from_regex(
    r"https://[A-Za-z0-9.-]{1,20}\.[A-Za-z]{2,5}(:\d{1,5})?(/[ -~]{0,10})?(\?[ -~]{0,5})?",
    fullmatch=True,
)


@given(st.one_of(URLISH, URLISH.map("https://{}".format), PLAUSIBLE, st.text(max_size=40)))
@example("https://shop.example:443/a?b")
def test_two_readers_find_the_same_host(url: str) -> None:
    """What urllib3 would connect to is what was checked."""
    target = target_of(url)
    if not isinstance(target, Target):
        return
    other = parse_url(url)
    assert (other.scheme, other.auth, other.fragment) == ("https", None, None)
    assert (other.host or "").strip("[]") == target.host
    assert (other.port or 443) == target.port
    assert target.resource.startswith("/")
    assert not any(character in target.authority for character in "@\\#?%/ ")


def test_the_two_readers_do_differ() -> None:
    """There are URLs that the other reader takes, and some that it does not."""
    assert parse_url("https://a:b@127.0.0.1/").host == "127.0.0.1"
    with pytest.raises(LocationParseError):
        parse_url("https://[::1/")


@given(st.ip_addresses(v=6))
@example(ip_address("64:ff9b::a9fe:a9fe"))
def test_what_is_public_is_also_global(address: IPv6Address) -> None:
    """Never more than Python's own table, and only of what IANA gives out."""
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast
        assert (address.packed[0] & 0xE0, address.ipv4_mapped, address.sixtofour) == (
            0x20,
            None,
            None,
        )
        assert address.teredo is None


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_never_public_inside_another(address: IPv4Address) -> None:
    """Mapped, compatible, translated, 6to4, Teredo: refused whatever it holds."""
    held = int(address)
    for prefix in (0, 0xFFFF << 32, 0x64FF9B << 96, 0x64FF9B0001 << 80):
        assert not is_public(IPv6Address(prefix | held))
    for prefix in (0x2002 << 112 | held << 80, 0x20010000 << 96 | held << 64):
        assert not is_public(IPv6Address(prefix))
    if is_public(address):
        assert address.is_global
