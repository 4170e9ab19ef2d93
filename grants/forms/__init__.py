"""The shapes in which people's entries arrive, by stage of the money's life."""
