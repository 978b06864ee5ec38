"""A policy as HTML: its ladder, who is asked, how long each has, and the worst times."""

from datetime import timedelta

from deescalate._html import Markup, table, tag
from deescalate.authority import Authority
from deescalate.escalation._charter import Charter
from deescalate.escalation._tiers import Tier

__all__ = ["picture"]


def picture(policy: Charter) -> Markup:
    """The ladder and the channels, each with the longest that a case can be without a human."""
    head = ("tier", "asks", "to answer", "may grant", "worst time to somebody", "then")
    ladder = policy.ladder
    rows = [
        (
            tag("strong", tier.name),
            ", ".join(target.name for target in tier.targets),
            _minutes(tier.acknowledge_within),
            _grants(tier.authority),
            _minutes(ladder.worst_case(tier.name)),
            _next(policy, tier),
        )
        for tier in ladder
    ]
    rounds = "once" if ladder.rounds == 1 else f"{ladder.rounds} times"
    return tag(
        "div",
        tag("p", f"Each way is gone {rounds}; after that {ladder.fail_safe.name} is asked."),
        table(head, rows),
        tag("h2", "Who gets a case"),
        tag(
            "ol",
            *(tag("li", tag("strong", str(r.then)), f": {r.when}") for r in policy.table.rules),
        ),
        tag("p", f"Otherwise: {policy.table.default}", class_="soft"),
    )


def _next(policy: Charter, tier: Tier) -> str:
    after = policy.ladder.after(tier)
    return policy.ladder.fail_safe.name if after is None else after.name


def _minutes(window: timedelta) -> str:
    return f"{window.total_seconds() / 60:g} min"


def _grants(authority: Authority) -> str:
    sums = [
        f"{currency} {most}" if most.is_finite() else f"{currency} without limit"
        for currency, most in authority.money.items()
    ]
    return ", ".join((*sums, *sorted(authority.actions))).replace("_", " ") or "nothing"
