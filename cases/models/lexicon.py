"""The words of all names in this installation, sealed, so that like ones can be found."""

from vault.lexicon import LexiconEntry


class NameWord(LexiconEntry):
    """No child's: whoever carries it stands nowhere here, and the row changes only when a common word is spread."""
