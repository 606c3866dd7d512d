"""What kind of failure an answer is. Pure."""

from __future__ import annotations

import re

from store.health import Trouble

GONE, BLOCKED = (410,), (401, 402, 403, 407, 451)
_ROBOT_CHECK = re.compile(
    rb"captcha|cf-challenge|cf_chl_|challenge-platform|/_incapsula_|datadome|px-captcha|perimeterx|"
    rb"just a moment\.\.\.|attention required! \| cloudflare|verify you are (?:a )?human|are you a robot|"
    rb"vous n.{1,8}tes pas un robot|enable javascript and cookies to continue|access denied|acc.{1,8}s refus",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    rb"didomi|sp_message|onetrust|trustcommander|quantcast|privacy-center|consent[-_ ]?(?:wall|management|gate|form)|"
    rb"accepter (?:et continuer|les cookies)|accept (?:all )?cookies",
    re.IGNORECASE,
)
_CONSENT_HOST = re.compile(r"^(?:consent|guce|privacy|cmp)\.", re.IGNORECASE)
_LOOKED_AT = 200_000  # bytes of a page


def wall(host: str, body: bytes) -> str | None:
    """Which wall a page is that came instead of what was asked: in words, or None when it shows none."""
    head = body[:_LOOKED_AT]
    if _ROBOT_CHECK.search(head):
        return "the server answers with a check whether a robot asks"
    if _CONSENT_HOST.match(host) or _CONSENT.search(head):
        return "the server answers with a page that asks for consent to cookies"
    return None


def trouble_of(status: int) -> Trouble:
    """What kind of trouble an answer with an error is."""
    return "gone" if status in GONE else "blocked" if status in BLOCKED else "failed"
