"""Words for best interests, risk, placement and what happened."""

from collections.abc import Mapping

from django_stubs_ext import StrPromise

from cases.wording.base import DueWords

DUE: Mapping[str, DueWords] = {}
EVENTS: Mapping[str, StrPromise] = {}
NOTICES: Mapping[str, StrPromise] = {}
# Lists whose labels put the coded details of an event into words, by the name of the detail.
LABELS: Mapping[str, Mapping[str, StrPromise]] = {}
