"""What can go wrong with a secret. No text here ever holds a key or what was sealed."""


class VaultError(Exception):
    """Something sealed cannot be opened, or nothing can be sealed."""


class KeyMissing(VaultError):
    """The scope has no data key: it was erased, or never made."""


class KeyErased(KeyMissing):
    """The scope was erased: what was sealed for it is gone for good, in whichever backup it comes back."""


class SealBroken(VaultError):
    """The bytes are not what was sealed here: altered, cut, moved from elsewhere, or under another key."""


class KeyRingError(VaultError):
    """The key ring cannot be used; the text is a sentence for whoever runs the installation."""


class SharesError(VaultError):
    """Shares do not give a key ring back; the text is a sentence that says which share, and where."""
