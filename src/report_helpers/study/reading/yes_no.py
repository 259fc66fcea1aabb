"""The words by which forms in several languages say yes and no."""

from __future__ import annotations

YES = frozenset(
    ("yes", "y", "true", "1", "x", "checked", "ja", "j", "wahr", "oui", "vrai", "sí", "si", "sì", "s", "sim")
)
NO = frozenset(("no", "n", "false", "0", "unchecked", "nein", "falsch", "non", "faux", "não", "nao"))


def says_yes(word: str) -> bool | None:
    """Return whether a word says yes; None if it says neither yes nor no.

    >>> says_yes("Ja"), says_yes("0"), says_yes("2")
    (True, False, None)
    """
    word = word.casefold()
    return True if word in YES else False if word in NO else None
