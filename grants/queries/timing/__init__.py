"""How long things take, over one register: counts by length from the database, for the pure rules to judge."""
