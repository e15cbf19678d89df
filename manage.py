#!/usr/bin/env python
"""Homeward's command line. Without DATABASE_URL it joins the embedded services for its own duration."""

import os
import sys

from django.core.management import execute_from_command_line

from config import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with embedded.joined():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
