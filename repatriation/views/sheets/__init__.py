"""What stands on each paper of a return, in words of the language that is active."""
