"""Sets MODE=test before Django reads its settings; pyproject.toml loads it with `-p`, ahead of pytest-django."""

import os

os.environ["MODE"] = "test"
