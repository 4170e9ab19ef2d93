"""Pure rules about organisations: their numbers and their names. No Django, no clock, no I/O."""
