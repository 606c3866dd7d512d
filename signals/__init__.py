"""What happened to whom: the taxonomy, from documents to signals on companies, stories."""
