"""British, as the whole site is."""
