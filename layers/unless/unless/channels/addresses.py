"""
Which addresses can be used at all: those that say one thing only.
"""

import re

EMAIL_CHARACTERS_MAX = 320
"""Longest e-mail address. Source: SES API Reference v2, "Destination" (read 2026-11)."""

LOCAL_CHARACTERS_MAX = 64
"""Longest part before the @, in characters. Source: RFC 5321, section 4.5.3.1.1."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")
_E164 = re.compile(r"\+[1-9][0-9]{1,14}")
_BETWEEN_DIGITS = str.maketrans("", "", " ().-\N{NO-BREAK SPACE}")


def mailbox(text: str) -> str | None:
    """
    Return the one address that the text is, its domain in ASCII; None when it is anything else.

    A list, a name beside the address, a comment, a quoted part, a line break: each could make one
    address into two, or into a header. SES takes no other characters than ASCII before the @.

    Source: RFC 5322, section 3.4.1 (dot-atom); SES API Reference v2, "Destination": the domain in
    Punycode (read 2026-11).
    """
    local, at, written = text.rpartition("@")
    if len(text) > EMAIL_CHARACTERS_MAX or len(local) > LOCAL_CHARACTERS_MAX:
        return None
    domain = _in_ascii(written)
    address = f"{local}{at}{domain}"
    fits = len(address) <= EMAIL_CHARACTERS_MAX and _LOCAL.fullmatch(local)
    return address if fits and _DOMAIN.fullmatch(domain) else None


def phone_number(text: str) -> str | None:
    """
    Return the number in E.164, without the spaces and signs that people write; None without a
    country code.

    Source: ITU-T E.164: at most 15 digits after the +.
    """
    number = text.translate(_BETWEEN_DIGITS)
    return number if _E164.fullmatch(number) else None


def _in_ascii(domain: str) -> str:
    """
    Return the domain in Punycode; nothing where that would be another domain.

    Python knows IDNA 2003 only, which makes `strasse` of `straße`: somebody else's domain today.
    Source: Python documentation, "encodings.idna"; RFC 5891 (read 2026-11).
    """
    if domain.isascii():
        return domain
    try:
        encoded = domain.encode("idna")
        return encoded.decode("ascii") if encoded.decode("idna") == domain.lower() else ""
    except UnicodeError:
        return ""
