"""Changes of our tables, in order; written by Tortoise, read by a human."""
