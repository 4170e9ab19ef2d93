"""Pages as their readers see them."""

import re

BY_LOT = re.compile(r"""(name="(?:csrfmiddlewaretoken|request_key)"\s+value=")[^"]*""")


def without_tokens(page: str) -> str:
    """The page without what is drawn by lot for each form: any four digits stand in a token sooner or later."""
    return BY_LOT.sub(r"\1", page)
