"""Settings, command line, scheduler and workers: the only place that wires the rooms together."""

__version__ = "0.18.0"
