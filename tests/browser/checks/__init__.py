"""What is looked at on every page; each check answers with what it found."""
