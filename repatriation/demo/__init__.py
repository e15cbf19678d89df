"""Invented returns, one in each state: no such child waits for a way home, and nobody here would receive one."""
