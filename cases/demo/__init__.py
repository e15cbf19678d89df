"""Invented people and files for trying every role. Nobody in them exists; nor do Arvania, Belmora and Corvia."""
