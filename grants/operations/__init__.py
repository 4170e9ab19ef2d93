"""Every write, one function each, by stage of the money's life."""
