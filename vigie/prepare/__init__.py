"""Makes the data that the product ships: names of places and people, common words, models. No command needs it."""
