"""Mails that come back: delivery status notifications (RFC 3464)."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import NamedTuple, cast

from store.errors import Invalid


class Bounce(NamedTuple):
    """The mail that came back, by its Message-ID, and what the server said of it."""

    message_id: str
    said: str


def bounce_in(content: bytes) -> Bounce:
    """What a notification tells. Raises `Invalid` when it is none, or tells of a delay only."""
    mail = message_from_bytes(content, policy=default)
    action, said, message_id = "", "", ""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            for block in cast(list[EmailMessage], part.get_payload()):
                action = str(block.get("Action", action)).strip().lower()
                said = str(block.get("Diagnostic-Code", "")) or str(block.get("Status", "")) or said
        elif kind == "text/rfc822-headers":
            head = message_from_bytes(part.get_payload(decode=True), policy=default)  # type: ignore[arg-type]
            message_id = str(head["Message-ID"] or "")
        elif part is not mail and part["Message-ID"]:
            message_id = str(part["Message-ID"])
    if action != "failed":
        raise Invalid("it is no notice that a mail could not be delivered (RFC 3464, Action: failed)")
    if not message_id:
        raise Invalid("it does not say which mail came back: no Message-ID of the returned mail")
    return Bounce(message_id.strip(), " ".join(said.split()))
