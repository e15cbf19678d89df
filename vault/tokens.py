"""Tokens by which equal values find each other without lying there in clear."""

from vault.keyring import ring

TOKEN_BYTES = 8


def token(kind: str, value: str) -> int:
    """The value's keyed digest as a signed 64-bit number, for a bigint[] with a GIN index.

    Equal only for equal kind and value under one key ring; whoever lacks the ring can neither make nor test one.
    """
    return int.from_bytes(_digest(kind, value)[:TOKEN_BYTES], "big", signed=True)


def keyed_digest(kind: str, value: str) -> str:
    """The same whole, as 64 hexadecimal signs: for a value that must be found by itself and by nothing else."""
    return _digest(kind, value).hex()


def _digest(kind: str, value: str) -> bytes:
    kind_bytes = kind.encode()
    # The length keeps ("a", "bc") apart from ("ab", "c"). What a broken file holds has a token too.
    message = len(kind_bytes).to_bytes(4, "big") + kind_bytes + value.encode(errors="surrogatepass")
    return ring().digest(message)
