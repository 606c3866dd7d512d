"""Signed addresses in mails: whoever has the mail may act on them, nobody can make one for another rep."""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from itsdangerous import BadData, URLSafeSerializer, URLSafeTimedSerializer

from store.errors import NotFound, Unavailable

Verdict = Literal["useful", "wrong_company", "wrong_type", "old", "not_for_me"]
_INVITED_SECONDS = 3 * 86400
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def secret_in(folder: Path) -> str:
    """The secret that addresses are signed with: made once, readable by its owner only."""
    file = folder / "secret"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
                made.write(secrets.token_urlsafe(32))
        except FileExistsError:
            pass
        return file.read_text("ascii")
    except OSError as error:
        raise Unavailable(f"{file}: {error.strerror}; see that the folder can be written") from None


@dataclass(frozen=True)
class Links:
    """The addresses for one installation; `base` is where its pages are reached. The secret is never shown."""

    base: str
    secret: str

    def __repr__(self) -> str:
        return f"Links({self.base})"

    @property
    def held(self) -> str:
        """Where a rep who is signed in sees what was held back."""
        return f"{self.base}/digest/held"

    @property
    def leads(self) -> str:
        """Where a rep who is signed in sees their leads."""
        return f"{self.base}/leads"

    def lead(self, number: int) -> str:
        """Where who is signed in sees a lead."""
        return f"{self.leads}/{number}"

    def unsubscribe(self, rep_id: int) -> str:
        """Where a rep ends the mails (RFC 8058: by POST)."""
        return f"{self.base}/unsubscribe/{self._signed('unsubscribe', rep_id)}"

    def feedback(self, rep_id: int, signal_id: int) -> str:
        """Where a rep says what they think of a signal."""
        return f"{self.base}/feedback/{self._signed('feedback', [rep_id, signal_id])}"

    def rep_of(self, token: str) -> int:
        """The rep of an address to unsubscribe. Raises `NotFound` when it is not one of ours."""
        return int(self._read("unsubscribe", token))

    def signal_of(self, token: str) -> tuple[int, int]:
        """The rep and the signal of an address for feedback. Raises `NotFound`."""
        rep_id, signal_id = self._read("feedback", token)
        return int(rep_id), int(signal_id)

    def take(self, rep_id: int, signal_id: int) -> str:
        """Where a rep takes a company that they were told of as a lead."""
        return f"{self.base}/take/{self._signed('take', [rep_id, signal_id])}"

    def taken(self, token: str) -> tuple[int, int]:
        """The rep and the signal of an address to take a lead. Raises `NotFound`."""
        rep_id, signal_id = self._read("take", token)
        return int(rep_id), int(signal_id)

    def invitation(self, rep_id: int, password: str) -> str:
        """Where a user chooses a password, within three days and before the kept one changes."""
        token = URLSafeTimedSerializer(self.secret, salt="password").dumps([rep_id, password[-8:]])
        return f"{self.base}/password/{token}"

    def invited(self, token: str) -> tuple[int, str]:
        """The user of an invitation, and how the hash that it may replace ends. Raises `NotFound`."""
        try:
            rep_id, kept = URLSafeTimedSerializer(self.secret, salt="password").loads(token, max_age=_INVITED_SECONDS)
        except BadData:
            raise NotFound("this address is not valid, or too old; ask your administrator for another one") from None
        return int(rep_id), str(kept)

    def feed(self, rep_id: int, password: str, list_id: int = 0) -> str:
        """Where a feed reader finds a user's searches, or one of their lists, until the password changes."""
        return f"{self.base}/rss/{self._signed('rss', [rep_id, list_id, password[-8:]])}"

    def fed(self, token: str) -> tuple[int, int, str]:
        """The user and list of a feed's address, and how the hash of the password ended. Raises `NotFound`."""
        rep_id, list_id, kept = self._read("rss", token)
        return int(rep_id), int(list_id), str(kept)

    @property
    def start_code(self) -> str:
        """What whoever started the pages knows, and nobody else: the first administrator gives it."""
        return hmac.new(self.secret.encode(), b"start", "sha256").hexdigest()[:16]

    def _signed(self, purpose: str, value: object) -> str:
        return str(URLSafeSerializer(self.secret, salt=purpose).dumps(value))

    def _read(self, purpose: str, token: str) -> Any:
        try:
            value = URLSafeSerializer(self.secret, salt=purpose).loads(token)
        except BadData:
            raise NotFound("this address is not valid; take the whole of it from the mail") from None
        if self._signed(purpose, value) != token:  # base64 leaves bits of the last letter open
            raise NotFound("this address is not valid; take the whole of it from the mail")
        return value
