"""Published lists of grants into the real register."""

from grants.operations.imports.run import MAY_IMPORT, import_grants
from grants.operations.imports.summary import ImportSummary, Warned

__all__ = ["MAY_IMPORT", "ImportSummary", "Warned", "import_grants"]
