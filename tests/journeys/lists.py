"""Published lists of grants, made up, as the journeys bring them."""

from tests.grants.imports.lists import as_csv, cells

# What some pages need to have anything on them: two organisations that may be one, and a row that cannot be taken.
EARLIER = as_csv(
    [
        cells(id="360G-fairford-1"),
        cells(id="360G-fairford-2", title="Walk and talk", org="", name="Meadow Lane Trust Limited"),
        cells(
            id="360G-fairford-3", title="Homework hall", org="GB-CHC-1999003", name="Quarry Hall", amount="-5"
        ),
    ]
)

FAULTY = as_csv(
    [
        cells(id="360G-fairford-11", title="Song and supper", org="GB-CHC-1999011", name="Song and Supper"),
        cells(
            id="360G-fairford-12",
            title="Garden gate",
            org="GB-CHC-1999012",
            name="Garden Gate",
            amount="£3,400.00",
            awarded="30/04/2024",
        ),
        cells(id="360G-fairford-13", title="Bike kitchen", org="GB-CHC-1999013", name="Bikes", amount="-500"),
        cells(
            id="360G-fairford-14", title="Fair week", org="GB-CHC-1999014", name="Fair", awarded="31/02/2024"
        ),
        cells(id="360G-fairford-15", title="Otter watch", org="GB-CHC-1999015", name="Otters", amount="=1+1"),
        cells(
            id="360G-fairford-16",
            title="River rangers",
            org="GB-CHC-1999016",
            name="River Rangers",
            amount="0",
            start="2024-06-01",
            end="2000-12-31",
        ),
        cells(id="360G-fairford-17", title="Kite day", org="GB-CHC-1999017", name="Kites", currency="USD"),
    ]
)

# Row in the file, its column, what stands there, and how the page begins to say what to do.
FAULTS = [
    ["4", "Amount Awarded", "-500", "The amount is below zero."],
    ["5", "Award Date", "31/02/2024", "This is not a date."],
    ["6", "Amount Awarded", "=1+1", "This is not an amount."],
    ["8", "Currency", "USD", "Only pounds sterling (GBP) are taken."],
]
