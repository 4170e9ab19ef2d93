"""Pure rules that know no application: working days, dates and money."""
