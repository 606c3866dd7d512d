"""From events to signals, scores with their ledger, rankings, watchlists and alerts."""
