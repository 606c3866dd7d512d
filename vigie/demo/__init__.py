"""The demonstration: a small fictional press, served on loopback, and the main job run on it."""
