"""Search: one interface, an embedded back-end (tantivy) and Elasticsearch, fed by an outbox."""
