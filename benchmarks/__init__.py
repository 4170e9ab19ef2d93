"""Prints ratios measured in one run; asserts nothing about seconds. `python -m benchmarks --grants 10000`."""

import os

import django

os.environ.setdefault("MODE", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
