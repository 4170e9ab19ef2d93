"""The tables of the reports and of Today: one file for each page."""
