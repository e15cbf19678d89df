"""Imported once for all fresh processes that a mutant is planted in: what is large, not ours, and needs no settings."""

# ruff: noqa: F401
import allauth
import asn1crypto.x509
import cryptography.x509
import django.core.management
import django.core.serializers
import django.db.backends.postgresql.base
import django.db.migrations.writer
import django.forms
import django.template
import django.test
import django.views.generic
import environs
import fido2
import holidays
import hypothesis.stateful
import icalendar
import jwt
import openpyxl
import PIL.Image
import procrastinate
import psycopg_pool
import pyhanko.sign.validation
import pypdf
import pytest
import rapidfuzz.fuzz
import redis.asyncio
import reportlab.platypus
import requests
import uvicorn
