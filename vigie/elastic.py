"""Elasticsearch as `config.yaml` says it is reached."""

from __future__ import annotations

from typing import Any

from elasticsearch import Elasticsearch

from index.elastic import ElasticIndex, Server
from store.errors import Invalid
from vigie.settings import SearchSettings

_BUSY = (429, 502, 503, 504)


def elastic_index(search: SearchSettings) -> ElasticIndex:
    """The index. Raises `Invalid` when the file of the certificates' authority is of no use."""
    return ElasticIndex(Server(_client(search), search.prefix, search.shards, search.replicas))


def _client(search: SearchSettings) -> Elasticsearch:
    if search.ca_file and not search.ca_file.is_file():
        raise Invalid(f"key 'search.ca_file': {search.ca_file} is no file")
    secure = any(host.startswith("https:") for host in search.hosts)
    trusted: dict[str, Any] = {"ca_certs": str(search.ca_file)} if secure and search.ca_file else {}
    return Elasticsearch(
        search.hosts,
        api_key=search.api_key.get_secret_value() or None,
        request_timeout=search.timeout_seconds,
        max_retries=search.retries,
        retry_on_timeout=True,
        retry_on_status=_BUSY,
        **trusted,
    )
