"""The mail of the morning: choosing what goes in, rendering, sending exactly once."""
