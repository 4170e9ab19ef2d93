"""Who gets which answer from which address: the tables, the world they are asked in, and how they are read."""
