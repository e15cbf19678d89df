"""What can go wrong with a secret. No text of these names a person or holds a key."""


class VaultError(Exception):
    pass


class KeyRingError(VaultError):
    """The key ring file cannot be used; the sentence says why."""


class KeyMissing(VaultError):
    """There is no data key for this scope: it was never made, or it was destroyed by an erasure."""


class SealBroken(VaultError):
    """The ciphertext is not what was sealed here: moved, cut, altered, or sealed with another key."""
