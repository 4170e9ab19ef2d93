"""Signing in, and what everybody may ask."""

from tests.role_matrix.rows import Row

# fmt: off
ROWS = [
    #                                        anon comm fin  scru admi prov othe
    Row("healthz",                      get="200  200  200  200  200  200  200",
                                       post="200  200  200  200  200  200  200"),
    Row("readyz",                       get="200  200  200  200  200  200  200",
                                       post="405  405  405  405  405  405  405"),
    Row("switch_register",              get="302  405  405  405  405  405  405",
                                       post="302  302  302  302  302  302  302"),
    # Outside production only.
    Row("gallery",                      get="302  200  200  200  200  200  200",
                                       post="302  200  200  200  200  200  200"),
    Row("account_login",                get="200  302  302  302  302  302  302",
                                       post="200  302  302  302  302  302  302"),
    Row("account_logout",               get="302  200  200  200  200  200  200",
                                       post="302  302  302  302  302  302  302"),
    Row("account_inactive",             get="200  200  200  200  200  200  200",
                                       post="405  405  405  405  405  405  405"),
    # Nobody signs up by themselves: the page says so.
    Row("account_signup",               get="200  302  302  302  302  302  302",
                                       post="200  302  302  302  302  302  302"),
    Row("account_reauthenticate",       get="302  200  200  200  200  200  200",
                                       post="302  200  200  200  200  200  200"),
    Row("account_change_password",      get="302  200  200  200  200  200  200",
                                       post="302  200  200  200  200  200  200"),
    Row("account_set_password",         get="302  302  302  302  302  302  302",
                                       post="302  302  302  302  302  302  302"),
    Row("account_reset_password",       get="200  200  200  200  200  200  200",
                                       post="200  200  200  200  200  200  200"),
    Row("account_reset_password_done",  get="200  200  200  200  200  200  200",
                                       post="405  405  405  405  405  405  405"),
    Row("account_reset_password_from_key", get="200 200 200  200  200  200  200",
                                       post="200  200  200  200  200  200  200",
        needs={"uidb36": "'1'", "key": "'no-such-key'"}),
    Row("account_reset_password_from_key_done", get="200 200 200 200 200 200  200",
                                       post="405  405  405  405  405  405  405"),
    Row("account_confirm_login_code",   get="302  302  302  302  302  302  302",
                                       post="302  302  302  302  302  302  302"),
]
# fmt: on
