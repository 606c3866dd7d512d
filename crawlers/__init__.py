"""Sources, politeness, feeds, sites and registers: from the outside world to stored documents."""
