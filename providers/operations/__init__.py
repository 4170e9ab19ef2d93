"""Every write on organisations and their people."""
