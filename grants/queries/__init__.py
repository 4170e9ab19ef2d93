"""Reads across tables: what the pages show, in a fixed number of queries whatever the size of the register."""
