"""The pages that are read, and the buttons on them. Scrutiny reads funds and grants; providers their own grants and
returns."""

from tests.role_matrix.rows import Row

GRANT = {"ref": "grant.ref"}

# fmt: off
ROWS: list[Row] = [
    #                          anon comm fin  scru admi prov othe
    Row("today",          get="302  200  200  200  200  200  200",
                         post="302  405  405  405  405  405  405"),
    Row("mark_seen",      get="302  405  405  405  405  405  405",
                         post="302  302  302  302  302  302  302"),
    Row("funds",          get="302  200  200  200  200  403  403",
                         post="302  405  405  405  405  403  403"),
    Row("fund",           get="302  200  200  200  200  403  403",
                         post="302  405  405  405  405  403  403", needs={"code": "fund.code"}),
    Row("rounds",         get="302  200  200  200  200  403  403",
                         post="302  405  405  405  405  403  403"),
    Row("grants",         get="302  200  200  200  200  200  200",
                         post="302  405  405  405  405  405  405"),
    Row("grant",          get="302  200  200  200  200  200  404",
                         post="302  405  405  405  405  405  404", needs=GRANT),
    Row("payments",       get="302  200  200  403  200  403  403",
                         post="302  405  405  403  405  403  403"),
    Row("returns",        get="302  200  200  403  200  200  200",
                         post="302  405  405  403  405  405  405"),
    Row("flags",          get="302  200  200  403  200  403  403",
                         post="302  405  405  403  405  403  403"),
    Row("flag",           get="302  200  200  403  200  403  403",
                         post="302  405  405  403  405  403  403", needs={"pk": "flag.pk"}),
    Row("check_flags",    get="302  405  405  403  405  403  403",
                         post="302  302  302  403  302  403  403"),
    Row("messages",       get="302  200  200  200  200  200  200",
                         post="302  405  405  405  405  405  405"),
    Row("mark_read",      get="302  405  405  405  405  405  405",
                         post="302  302  302  302  302  302  302"),
    Row("deliveries",     get="302  403  403  403  200  403  403",
                         post="302  403  403  403  405  403  403"),
    Row("duplicates",     get="302  200  403  403  200  403  403",
                         post="302  405  403  403  405  403  403"),
    Row("jobs",           get="302  200  200  200  200  200  200",
                         post="302  405  405  405  405  405  405"),
    Row("job",            get="302  404  404  404  404  200  404",
                         post="302  404  404  404  404  405  404", needs={"pk": "job.pk"}),
    Row("reports",        get="302  200  200  200  200  403  403",
                         post="302  405  405  405  405  403  403"),
    Row("scrutiny",       get="302  200  200  200  200  403  403",
                         post="302  405  405  405  405  403  403"),
    Row("speed",          get="302  200  200  200  200  403  403",
                         post="302  405  405  405  405  403  403"),
    Row("sustainability", get="302  200  200  200  200  403  403",
                         post="302  405  405  405  405  403  403"),
    Row("completeness",   get="302  200  200  403  200  403  403",
                         post="302  405  405  403  405  403  403"),
]
# fmt: on
