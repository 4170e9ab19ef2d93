"""Prints ratios measured in one run; asserts nothing about seconds. `python -m benchmarks --grants 10000`."""

import logging
import os

import django

os.environ.setdefault("MODE", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
# Pages that a reader may not open are asked for, and left out.
logging.getLogger("django.request").setLevel(logging.ERROR)
