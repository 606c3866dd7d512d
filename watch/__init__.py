"""What is told to whom: watchlists, saved searches, what is new for a rep, what is held back and why."""
