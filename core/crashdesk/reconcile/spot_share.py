"""How much of a spot account's balance is the bot's: its owner, and other programs, hold the same coins there. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from crashdesk.contracts import plain
from crashdesk.exact import difference, product, total
from crashdesk.exchange.records import Market
from crashdesk.reconcile.position_facts import MOST_FEE
from crashdesk.reconcile.records import PositionVerdict, PositionVerdictKind, Source, fact


def own_shares(
    verdicts: Sequence[PositionVerdict], markets: Sequence[Market], *, exclusive: bool
) -> tuple[PositionVerdict, ...]:
    """The position verdicts with of each balance only what the bot knew, and what its orders filled since.

    What is held beyond that may be anybody's: where the bot's own orders do not tell that its part changed, it is unknown. On
    an `exclusive` account all of it is the bot's.
    """
    steps = {market.symbol: market.amount_step or Decimal(0) for market in markets}
    return tuple(each if exclusive else _own_share(each, steps.get(each.symbol, Decimal(0))) for each in verdicts)


def _own_share(verdict: PositionVerdict, step: Decimal) -> PositionVerdict:
    live, fills = verdict.live, verdict.fills
    if live is None or not live.asset or verdict.kind is PositionVerdictKind.UNKNOWN:
        return verdict
    known = Decimal(0) if verdict.known is None else verdict.known.quantity
    part = known if fills is None else max(total((known, fills.amount)), Decimal(0))
    surplus = difference(live.contracts, part)
    if surplus <= max(step, product(part, MOST_FEE)):
        return verdict
    if fills is None or not fills.orders_told or part in (known, 0):
        text = (
            "The account holds {held} {asset}, {surplus} of it beyond what the bot knew and its orders filled: whose that is is "
            "not known, and the position stays as it was known. Where nothing else trades there, declare exclusive_account in "
            "store.toml."
        )
        told = fact(Source.RULE, text, held=plain(live.contracts), asset=live.asset, surplus=plain(surplus))
        kind = PositionVerdictKind.UNKNOWN
        return msgspec.structs.replace(verdict, kind=kind, evidence=(*verdict.evidence, told))
    text = (
        "The account holds {held} {asset}, {surplus} of it beyond what the bot knew and its orders filled: that is not counted "
        "as the bot's. Where nothing else trades there, declare exclusive_account in store.toml."
    )
    told = fact(Source.RULE, text, held=plain(live.contracts), asset=live.asset, surplus=plain(surplus))
    own = msgspec.structs.replace(live, contracts=plain(part))
    return msgspec.structs.replace(verdict, live=own, evidence=(*verdict.evidence, told))
