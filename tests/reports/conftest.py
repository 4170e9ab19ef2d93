"""The pages of reports are tested over the same small register as those of grants."""

from tests.grants.pages.conftest import _today, scene

__all__ = ["_today", "scene"]
