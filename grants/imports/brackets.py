"""What stands beside the name of a column: a note that changes nothing, or a unit that makes it another column.

Only what is known to be harmless is passed over. Anything else may be another unit, another year or another thing:
"(£m)", "(quarters)", "(mm/dd/yyyy)", "(2022/23)".
"""

import re
import unicodedata
from collections.abc import Mapping

_HARMLESS = re.compile(
    r"required|mandatory|optional|recommended|(?:if|where|when) (?:known|applicable|available|any)"
    r"|max(?:imum|\.)? [\d,]+ (?:characters|words)|(?:free )?text"
    r"|(?:in )?(?:welsh|english|cymraeg|saesneg|gaelic|irish)"
)
_STERLING = re.compile(
    r"(?:in )?(?:£s?|gbp|£ ?/? ?gbp|gbp ?/? ?£|uk £|(?:uk |gb )?pounds(?: sterling)?|sterling)"
)
_DAY_FIRST = re.compile(
    r"(?:(?:date )?format:? )?(?:dd?([/. -]?)mmm?m?\1(?:yy|yyyy|ccyy)|yyyy([/-]?)mm\2dd|iso(?: ?8601)?)"
)
_MONTHS = re.compile(r"(?:in |number of |no\.? of |whole )?months")
_UNITS: Mapping[str, re.Pattern[str]] = {
    **dict.fromkeys(("amount_awarded", "amount_applied_for", "amount_disbursed"), _STERLING),
    **dict.fromkeys(("award_date", "start_date", "end_date"), _DAY_FIRST),
    "duration": _MONTHS,
    # Left out, they would make pounds of euros and an organisation of a person.
    **dict.fromkeys(("currency", "recipient_type"), re.compile(".*")),
}


def is_harmless(words: str, field: str) -> bool:
    """Whether what stands in brackets leaves a column of this field what it is."""
    plain = " ".join(words.casefold().split())
    unit = _UNITS.get(field)
    return _HARMLESS.fullmatch(plain) is not None or (unit is not None and unit.fullmatch(plain) is not None)


def says_another_unit(heading: str) -> bool:
    """Euros, or a share: the signs are no letters, so the names of columns do not tell them apart."""
    return any(sign == "%" or (sign != "£" and unicodedata.category(sign) == "Sc") for sign in heading)
