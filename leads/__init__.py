"""Whom to call: offers, their fit and timing, rankings, replay."""
