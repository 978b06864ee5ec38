"""Offer against what was spoiled, for each kind of failure, kept and rejected."""

from decimal import Decimal

import matplotlib.pyplot as plt

from deescalate.compensation import EarlierFailure, Harm, Loss, Terms, propose
from deescalate.money import Money

PRICE = Money(100, "EUR")
TERMS = Terms(currency="EUR")
AGAIN = [EarlierFailure(days_ago=30)]
SHARES = [Decimal(percent) / 100 for percent in range(101)]

CASES = {
    "overcharged: paid back": lambda share: Harm(
        currency="EUR",
        failure="monetary",
        losses=[Loss(PRICE.times(share))],
        apology_after_hours=0,
    ),
    "product or service, rejected": lambda share: Harm(
        currency="EUR",
        failure="product",
        value=PRICE,
        severity=share,
        rejected=True,
        apology_after_hours=0,
    ),
    "product or service, kept": lambda share: Harm(
        currency="EUR",
        failure="product",
        value=PRICE,
        severity=share,
        kept=True,
        apology_after_hours=0,
    ),
    "the same, the second time in a month": lambda share: Harm(
        currency="EUR",
        failure="product",
        value=PRICE,
        severity=share,
        kept=True,
        earlier=AGAIN,
        apology_after_hours=0,
    ),
    "lack of attention, late apology": lambda share: Harm(
        currency="EUR",
        failure="attention",
        value=PRICE,
        severity=share,
        apology_after_hours=24,
    ),
    "lack of attention, apology at once": lambda share: Harm(
        currency="EUR",
        failure="attention",
        value=PRICE,
        severity=share,
        apology_after_hours=0,
    ),
}

figure, axes = plt.subplots(figsize=(8.5, 4.6), layout="constrained")
for label, harm_of in CASES.items():
    offers = [float(propose(harm_of(share), TERMS).total.amount) for share in SHARES]
    axes.plot([float(share * 100) for share in SHARES], offers, label=label)
axes.set_xlabel("spoiled, or overcharged, out of a price of EUR 100")
axes.set_ylabel("offer, EUR")
axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
axes.grid(alpha=0.3)
