"""
Which words or which file a user gets, by the language of their profile.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
"""
A language, with script or region: `fr`, `fr-CA`, `zh-Hant-TW`.

Source: RFC 5646, "Tags for Identifying Languages", section 2.1 (read 2026-11); its private and
grandfathered forms are left out.
"""


def is_language(text: str) -> bool:
    """Whether the text is written like a language tag."""
    return LANGUAGE_TAG.fullmatch(text) is not None


def wanted(language: object) -> Iterator[str]:
    """Yield what to look for, in lower case: `fr-ca`, then `fr`; nothing for what is no tag."""
    tag = language.replace("_", "-").strip().lower() if isinstance(language, str) else ""
    while is_language(tag):
        yield tag
        tag = tag.rpartition("-")[0]


def words_for(words: Mapping[str, str], language: object, fallback: str) -> str:
    """Return the words in the user's language, or those under the key `fallback`."""
    known = {tag.lower(): text for tag, text in words.items() if tag != fallback}
    return next((known[tag] for tag in wanted(language) if tag in known), words[fallback])


def file_for(name: str, language: object, files: Iterable[str]) -> str:
    """Return the file of that name in the user's language: `cart.fr.liquid`, else `cart.liquid`."""
    known = variants(name, files)
    return next((known[tag] for tag in wanted(language) if tag in known), name)


def variants(name: str, files: Iterable[str]) -> dict[str, str]:
    """Return the files that are `name` in some language, by that language in lower case."""
    folder, slash, file_name = name.rpartition("/")
    stem, dot, suffix = file_name.rpartition(".")
    if not stem:
        return {}
    begin, end = f"{folder}{slash}{stem}.", f"{dot}{suffix}"
    found = {}
    for file in files:
        if file.startswith(begin) and file.endswith(end) and len(file) > len(begin + end):
            tag = file[len(begin) : len(file) - len(end)]
            if is_language(tag):
                found[tag.lower()] = file
    return found
