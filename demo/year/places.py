"""Where: localities and wards that do not exist, with made-up deprivation figures."""

from core.models import Locality, User
from core.operations.places import load_places, read_places

# Key, name, then for each ward: small areas, mean score, lowest decile, small areas in the lowest fifth, children.
PLACES = (
    ("northfield", "Northfield", ((3, 38.4, 1, 2, 310), (2, 33.1, 2, 1, 240))),
    ("riverside", "Riverside", ((3, 27.9, 2, 1, 260), (2, 21.6, 3, 0, 150))),
    ("oldbridge", "Oldbridge", ((2, 19.2, 4, 0, 120), (2, 24.8, 2, 1, 175))),
    ("castle_green", "Castle Green", ((2, 11.7, 6, 0, 70), (3, 15.3, 5, 0, 95))),
    ("millrace", "Millrace", ((2, 16.9, 4, 0, 105),)),
)
FIGURES = (
    "lsoas",
    "imd_mean_score",
    "imd_lowest_decile",
    "lsoas_in_most_deprived_fifth",
    "children_in_income_deprivation",
)
COMPASS = ("East", "West")
NOTE = "Illustrative: this place does not exist, and its figures are made up."


def places_document() -> dict[str, object]:
    """The illustrative places in the shape of any council's places file."""
    wards = [
        {
            "code": f"ILL{place:02d}{number:04d}",
            "name": f"{name} {side} (illustrative)",
            **dict(zip(FIGURES, ward, strict=True)),
        }
        for place, (_, name, figures) in enumerate(PLACES, start=1)
        for number, (side, ward) in enumerate(zip(COMPASS, figures, strict=False), start=1)
    ]
    localities = [
        {
            "name": name,
            "note": NOTE,
            "wards": [f"ILL{place:02d}{number:04d}" for number in range(1, len(figures) + 1)],
        }
        for place, (_, name, figures) in enumerate(PLACES, start=1)
    ]
    return {"authority": {"code": "ILL000000"}, "wards": wards, "localities": localities}


def make_places(by: User) -> dict[str, Locality]:
    """The illustrative localities by their short keys."""
    load_places(places=read_places(places_document()), by=by, illustrative=True)
    return {key: Locality.objects.get(name=name, is_illustrative=True) for key, name, _ in PLACES}
