"""Links by which users leave: what is signed comes back, and nothing else does."""

import hmac
from base64 import urlsafe_b64encode
from urllib.parse import parse_qs, urlsplit

from hypothesis import example, given
from hypothesis import strategies as st

from unless.channels.links import Unsubscribe, make_link, read_link
from unless.definitions.models import Kind

SECRET = b"secret of the tests"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=255)
UNSUBSCRIBES = st.builds(
    Unsubscribe,
    user=TEXTS,
    group=st.none() | TEXTS,
    send=st.from_regex(r"[sr]-[a-z2-7]{32}(\.[0-9]{1,3})?", fullmatch=True),
    kind=st.sampled_from(Kind),
    definition=st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True),
)
ONE = Unsubscribe("u", None, "s-1", Kind.CAMPAIGN, "c")


def token_of(unsubscribe: Unsubscribe, secret: bytes = SECRET) -> str:
    """What the query of its link holds."""
    link = make_link("https://leave.example.test/", unsubscribe, secret)
    return parse_qs(urlsplit(link).query, strict_parsing=True)["t"][0]


@given(UNSUBSCRIBES)
@example(Unsubscribe("😀" * 255, "😀" * 255, "s-1", Kind.JOURNEY, "c" * 64))
def test_a_link_says_who_leaves_what(unsubscribe: Unsubscribe) -> None:
    """Whoever the user and the group, the link comes back as it was made."""
    assert read_link(token_of(unsubscribe), SECRET) == unsubscribe


@given(UNSUBSCRIBES, st.binary(min_size=1))
def test_a_link_of_another_deployment_is_none(unsubscribe: Unsubscribe, other: bytes) -> None:
    """Only the secret by which a link was made opens it."""
    if other != SECRET:
        assert read_link(token_of(unsubscribe, other), SECRET) is None


@given(st.data(), UNSUBSCRIBES)
def test_a_link_with_another_character_is_none(data: st.DataObject, of: Unsubscribe) -> None:
    """No single character of a link can be another one, be left out, or be added."""
    token = token_of(of)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(exclude_characters=token[place]))
    for changed in (
        token[:place] + other + token[place + 1 :],
        token[:place] + token[place + 1 :],
        token[:place] + other + token[place:],
    ):
        assert changed == token or read_link(changed, SECRET) is None


@given(st.text())
@example("")
@example(".")
@example("é.é")
@example("x" * 100_000 + "." + "x" * 100_000)
@example("e30.")
def test_garbage_is_none(token: str) -> None:
    """Anybody may ask with anything; it never fails and never leaves."""
    assert read_link(token, SECRET) is None


def test_a_link_with_a_part_of_its_signature_is_none() -> None:
    """A signature counts as a whole: the beginning of one, or none at all, opens nothing."""
    payload, _, signature = token_of(ONE).partition(".")
    for length in range(len(signature)):
        assert read_link(f"{payload}.{signature[:length]}", SECRET) is None
    assert read_link(payload, SECRET) is None


def test_a_signature_for_something_else_fits_no_link() -> None:
    """What the same secret signs for webhooks cannot be used as a link."""
    payload = token_of(ONE).partition(".")[0]
    signature = hmac.digest(SECRET, payload.encode(), "sha256")
    encoded = urlsafe_b64encode(signature).rstrip(b"=").decode()
    assert read_link(f"{payload}.{encoded}", SECRET) is None
