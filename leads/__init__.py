"""Routing signals to reps, the pipeline of leads, feedback and quality figures."""
