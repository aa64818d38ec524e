"""Which addresses are one address: whatever a profile holds, nobody else gets the message."""

from email.utils import getaddresses

from hypothesis import example, given
from hypothesis import strategies as st

from unless.channels.addresses import mailbox, phone_number

SIGNS = st.text(st.sampled_from("ab.@,;:<>()[]\"\\ \t\r\n\0%+-_'ß。ü\u202e")) | st.text()


@given(st.builds("{}@{}.test".format, SIGNS, SIGNS) | SIGNS)
@example("ann@example.test")
@example("a@b.test>,<eve@example.test")
def test_an_address_that_is_taken_is_one_mailbox(text: str) -> None:
    """Python's own parser of headers finds this one mailbox in it, and no name and no second."""
    address = mailbox(text)
    if address is not None:
        assert address.isascii()
        assert address.isprintable()
        assert getaddresses([address]) == [("", address)]
        assert address.partition("@")[0] == text.rpartition("@")[0]


def test_a_domain_that_would_become_another_is_refused() -> None:
    """IDNA 2003 folds letters that are domains of their own; a mail must not go there."""
    for domain in ("straße.test", "example\u3002test", "\uff45xample.test", "exam\u200dple.test"):
        assert mailbox(f"ann@{domain}") is None, domain
    assert mailbox("ann@BÜCHER.test") == "ann@xn--bcher-kva.test"


@given(SIGNS)
@example("x@" + "a." * 100_000 + "test")
@example("x" * 100_000 + "@" + "ü" * 100_000)
def test_no_text_is_too_strange_to_be_judged(text: str) -> None:
    """Whatever a profile holds gets a yes or a no, at once."""
    assert mailbox(text) is None or "@" in text
    assert phone_number(text) is None


@given(st.from_regex(r"\+[1-9][0-9]{1,14}", fullmatch=True), st.data())
def test_a_number_is_found_between_the_signs_of_people(number: str, data: st.DataObject) -> None:
    """Spaces, dots, dashes and brackets between the digits change nothing."""
    written = "".join(
        digit + data.draw(st.sampled_from(["", " ", "-", ".", "("])) for digit in number
    )
    assert phone_number(written) == number
