"""Which addresses of the network may be fetched from. Pure."""

from __future__ import annotations

import ipaddress


def is_allowed(address: str, *, allow_loopback: bool) -> bool:
    """Whether an IP address may be fetched from: a public one, or loopback where that is allowed."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if ip.is_loopback:
        return allow_loopback
    return ip.is_global and not ip.is_multicast
