"""How likely a rep accepts a lead, by the leads before it: a small logistic model an offer, shown beside the score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import exp

import numpy as np
from pydantic import BaseModel
from sqlalchemy.orm import Session

from leads.quality import Share, size_of
from store import lead_figures
from store.lead_figures import Outcome
from store.tables import AcceptanceModel, Company, Lead, LeadMilestone

RIPE = timedelta(days=14)
"""A lead that nobody accepted for so long counts as not accepted."""
DAYS = 730
LEAST_OF_EACH = 50
"""Leads that were accepted, and leads that were not, or the model says nothing."""
PER_FEATURE = 10
"""Of the rarer outcome so many for each feature of the model (Peduzzi et al. 1996); rarer features are left out."""
_LEARNT = 0.7  # of the leads, the oldest; the others are what it is measured on
_BINS = 5
_FRESH = timedelta(hours=20)  # after which it is learnt anew


class Bin(BaseModel):
    """Of the leads that were as likely as `said` on average, how many there were and how many were accepted."""

    said: float
    leads: int
    accepted: int

    @property
    def share(self) -> Share:
        """How many of them were accepted."""
        return Share(self.accepted, self.leads)


class Content(BaseModel):
    """A model: what each feature adds to the log odds, and how it did on the newest leads, which it was not learnt on.

    `brier` is its mean squared error there (Brier 1950), `brier_of_mean` that of saying the mean of all to each.
    Without `weights` there were too few outcomes: `accepted` of `leads`, where `needed` of each outcome would be
    enough.
    """

    leads: int
    accepted: int
    needed: int = LEAST_OF_EACH
    offset: float = 0.0
    weights: dict[str, float] = {}
    bins: list[Bin] = []
    brier: float = 0.0
    brier_of_mean: float = 0.0

    @property
    def is_of_use(self) -> bool:
        """Whether it said more of the newest leads than their mean does."""
        return bool(self.weights) and self.brier < self.brier_of_mean

    def likely(self, features: Iterable[str]) -> float:
        """How likely a lead with these features is accepted, from 0 to 1."""
        return 1 / (1 + exp(-(self.offset + sum(self.weights.get(one, 0.0) for one in features))))


def features_of(kind: str, origin: str, place: str, size: str) -> list[str]:
    """What is known of a lead: the type of the signal that made it, its origin, the company's place and size."""
    return [f"type:{kind}", f"origin:{origin}", f"place:{place}", f"size:{size}"]


def _features(kind: str, origin: str, company: Company | Outcome) -> list[str]:
    size = size_of(company.headcount, company.headcount_band)
    return features_of(kind, origin, company.department or company.country, size)


def learnt(outcomes: Sequence[Outcome]) -> Content:
    """A model of these leads, the oldest first, of which each is accepted or will not be."""
    is_accepted = np.array([one.reached & 1 for one in outcomes], int)
    accepted = int(is_accepted.sum())
    start = int(len(outcomes) * _LEARNT)
    rarer = int(min(is_accepted[:start].sum(), (1 - is_accepted[:start]).sum())) if outcomes else 0
    none = Content(leads=len(outcomes), accepted=accepted)
    if min(accepted, len(outcomes) - accepted) < LEAST_OF_EACH or not rarer:
        return none
    rows = [_features(one.type, one.origin, one) for one in outcomes]
    counted = Counter(feature for row in rows[:start] for feature in row)
    known = [feature for feature, number in counted.most_common(rarer // PER_FEATURE) if number < start]
    if not known:
        return none
    has = np.array([[feature in row for feature in known] for row in rows], float)
    from sklearn.linear_model import LogisticRegression  # it takes a second to load, and commands need it once a day

    model = LogisticRegression(max_iter=1000).fit(has[:start], is_accepted[:start])
    said, was = model.predict_proba(has[start:])[:, 1], is_accepted[start:]
    order = np.argsort(said, kind="stable")
    bins = [
        Bin(said=round(float(said[part].mean()), 4), leads=len(part), accepted=int(was[part].sum()))
        for part in np.array_split(order, _BINS)
        if len(part)
    ]
    mean = float(is_accepted[:start].mean())
    weights = {feature: round(float(weight), 4) for feature, weight in zip(known, model.coef_[0], strict=True)}
    return none.model_copy(
        update={
            "offset": float(model.intercept_[0]),
            "weights": weights,
            "bins": bins,
            "brier": float(((said - was) ** 2).mean()),
            "brier_of_mean": float(((mean - was) ** 2).mean()),
        }
    )


def learn(session: Session, offer: str, now: datetime) -> bool:
    """Learn the model of an offer anew, at most once a day. Whether it was."""
    there = session.get(AcceptanceModel, offer)
    if there is not None and now - there.made_at < _FRESH:
        return False
    found = lead_figures.outcomes(session, now - timedelta(days=DAYS), now, lead_figures.is_settled(offer, now - RIPE))
    session.merge(AcceptanceModel(offer=offer, made_at=now, content=learnt(found).model_dump()))
    session.flush()
    return True


def model_of(session: Session, offer: str) -> tuple[Content, datetime] | None:
    """The model of an offer, and when it was learnt; None where there is none yet."""
    there = session.get(AcceptanceModel, offer)
    return (Content.model_validate(there.content), there.made_at) if there is not None else None


def likely(session: Session, lead: Lead) -> float | None:
    """How likely a lead is accepted, from 0 to 1; None where its offer's model is of no use."""
    found, row = model_of(session, lead.offer), session.get(LeadMilestone, lead.id)
    if found is None or row is None or not found[0].is_of_use:
        return None
    return found[0].likely(_features(row.type, lead.origin, lead.company))


def strongest(content: Content, number: int = 10) -> Mapping[str, float]:
    """The features that say most, for and against."""
    ordered = sorted(content.weights.items(), key=lambda one: -abs(one[1]))
    return dict(ordered[:number])
