"""The illustrative year: organisations that do not exist, and grants that show something of everything.

Every date is counted from one day, so that the year is the same for the same day and never grows old.
"""
