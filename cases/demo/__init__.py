"""Invented people and files for trying every role. Nobody in them exists, and neither do Arvania and Belmora."""
