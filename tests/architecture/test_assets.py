"""Every static file that a template names is there: in production a missing one is an error, not a broken picture."""

import re

from django.contrib.staticfiles import finders

from tests.architecture.files import ROOT, text_files

NAMED = re.compile(r"""\{%\s*static\s+['"](?P<name>[^'"]+)['"]\s*%\}""")


def test_templates_name_only_files_that_are_built() -> None:
    named = {
        match["name"]: str(path.relative_to(ROOT))
        for path in text_files()
        if path.suffix == ".html"
        for match in NAMED.finditer(path.read_text())
    }
    assert "build/app.css" in named
    assert {name: where for name, where in named.items() if finders.find(name) is None} == {}
