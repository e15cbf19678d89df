"""Which names may be the same child's: in other scripts, spellings and sounds, without a name in clear."""
