"""The tables of a plan: coverage, account, the orders that were known, and the outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec
from PySide6.QtCore import QObject

from crashdesk.exchange.records import ExchangeAccount, ScopeReading
from crashdesk.reconcile.records import (
    Decision,
    Evidence,
    OrderVerdict,
    OrderVerdictKind,
    Outcome,
    Plan,
    Source,
)
from crashdesk.state import AccountState
from crashdesk_gui.models.columns import Field
from crashdesk_gui.models.order_fields import iso, order_fields
from crashdesk_gui.models.plan_words import PlanWords, marked, side_tone
from crashdesk_gui.models.table import Column, RecordTableModel
from crashdesk_gui.phrases import said, scope_words, scopes_explained
from crashdesk_gui.theme import Tone


class AccountLine(msgspec.Struct, frozen=True, kw_only=True):
    """One sum of the account: as it was known, and as the exchange tells it now; None where it does not."""

    id: str
    known: Decimal
    live: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """Exchange less known."""
        return None if self.live is None else self.live - self.known


class OutcomeRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What became of one decision, beside the order as it was shown and what the operator noted on it."""

    outcome: Outcome
    verdict: OrderVerdict | None
    note: str = ""


def account_lines(known: AccountState, live: ExchangeAccount | None) -> tuple[AccountLine, ...]:
    """One line for each sum that a state holds."""
    return tuple(
        AccountLine(id=name, known=getattr(known, name), live=getattr(live, name) if live else None)
        for name in AccountState.__struct_fields__
    )


def outcome_rows(plan: Plan, outcomes: Iterable[Outcome], decisions: Iterable[Decision]) -> tuple[OutcomeRow, ...]:
    """Each outcome with its order and the note on its decision."""
    notes = {decision.order_key: decision.note for decision in decisions}
    return tuple(
        OutcomeRow(outcome=each, verdict=plan.orphan_by_key.get(each.order_key), note=notes.get(each.order_key, ""))
        for each in outcomes
    )


def _is_result(line: AccountLine) -> bool:
    """Whether a sum is a gain or a loss, which always shows its sign."""
    return line.id == "unrealized_pnl"


def _proof_fact(verdict: OrderVerdict) -> Evidence | None:
    """What the exchange said last of an order."""
    return next((item for item in reversed(verdict.evidence) if item.source is Source.EXCHANGE), None)


_SCOPE_FIELDS: tuple[Field[ScopeReading], ...] = (
    Field("scope", lambda each: each.scope.kind.value),
    Field("variant", lambda each: each.scope.variant),
    Field("market_type", lambda each: each.scope.market_type),
    Field("symbol", lambda each: each.scope.symbol),
)
_PROOF_FIELDS: tuple[Field[OutcomeRow], ...] = (
    Field("proof", lambda row: row.outcome.text),
    Field("request_sent", lambda row: row.outcome.sent),
    Field("at", lambda row: iso(row.outcome.at)),
    Field("updated_at_by_exchange", lambda row: iso(row.outcome.reread.updated_at) if row.outcome.reread else None),
)


class PlanTables(QObject):
    """Builds the models; `parent` owns them."""

    def __init__(self, words: PlanWords, parent: QObject) -> None:
        super().__init__(parent)
        self._words = words
        self._display = words.display

    def coverage(self) -> RecordTableModel[ScopeReading]:
        """Which scopes were read."""
        words = self._words
        columns: list[Column[ScopeReading]] = [
            Column(
                id="status",
                title=self.tr("Status"),
                text=lambda each: marked(words.scope_status(each.status)),
                tone=lambda each: words.scope_status(each.status)[0].tone,
                export=lambda each: each.status.value,
                width=116,
            ),
            Column(
                id="scope",
                title=self.tr("What was asked for"),
                text=lambda each: scope_words(each.scope),
                tooltip=lambda _each: scopes_explained(),
                fields=_SCOPE_FIELDS,
                width=292,
            ),
            Column(
                id="count",
                title=self.tr("Records"),
                text=lambda each: self._display.count(each.count),
                sort=lambda each: each.count,
                export=lambda each: each.count,
                numeric=True,
                width=72,
            ),
            Column(
                id="read_at",
                title=self.tr("Read at"),
                text=lambda each: self._display.clock(each.read_at or None),
                sort=lambda each: each.read_at,
                export=lambda each: iso(each.read_at),
                width=112,
            ),
            Column(
                id="reason",
                title=self.tr("What is missing, and why"),
                text=lambda each: said(each.reason),
                export=lambda each: each.reason,
                tooltip=lambda each: said(each.reason),
                width=180,
                stretch=True,
                wrap=True,
            ),
        ]
        return RecordTableModel(columns, key=lambda each: (each.scope, each.status, each.read_at), parent=self.parent())

    def known_orders(self) -> RecordTableModel[OrderVerdict]:
        """The orders that were known, and their fate."""
        words = self._words
        columns: list[Column[OrderVerdict]] = [
            Column(
                id="verdict",
                title=self.tr("Fate"),
                text=lambda each: marked(words.verdict(each)),
                tone=lambda each: words.verdict(each)[0].tone,
                export=lambda each: each.kind.value,
                width=152,
            ),
            Column(
                id="order",
                title=self.tr("Order as it was known"),
                text=lambda each: words.order(each.known, each.contract) if each.known else "",
                tone=lambda each: side_tone(each.known.side) if each.known else None,
                tooltip=lambda each: each.known.id if each.known else "",
                fields=order_fields(lambda each: each),
                wrap=True,
                whole=True,
                width=256,
            ),
            Column(
                id="after",
                title=self.tr("In the recovered state"),
                text=self._after,
                tooltip=self._after,
                export=lambda each: "removed" if each.is_stale else "stays",
                width=152,
            ),
            Column(
                id="proof",
                title=self.tr("What proves it"),
                text=self._proof,
                tooltip=self._proof,
                export=lambda each: fact.text if (fact := _proof_fact(each)) else None,
                tone=lambda _each: Tone.MUTED,
                width=160,
                stretch=True,
                wrap=True,
            ),
        ]
        return RecordTableModel(columns, key=lambda each: each.key, parent=self.parent())

    def account(self) -> RecordTableModel[AccountLine]:
        """Old and new sums."""
        number = self._display.decimal
        columns: list[Column[AccountLine]] = [
            Column(
                id="sum",
                title=self.tr("Account"),
                text=lambda each: self._sum_name(each.id),
                export=lambda each: each.id,
                width=160,
                stretch=True,
            ),
            Column(
                id="known",
                title=self.tr("Known"),
                text=lambda each: number(each.known, sign=_is_result(each)),
                export=lambda each: each.known,
                numeric=True,
                width=168,
            ),
            Column(
                id="live",
                title=self.tr("Exchange"),
                text=lambda each: (
                    number(each.live, sign=_is_result(each)) if each.live is not None else self.tr("not told")
                ),
                export=lambda each: each.live,
                numeric=True,
                width=168,
            ),
            Column(
                id="change",
                title=self.tr("Change"),
                text=lambda each: number(each.change, sign=True),
                export=lambda each: each.change,
                numeric=True,
                strong=lambda each: bool(each.change),
                width=168,
            ),
        ]
        return RecordTableModel(columns, key=lambda each: each.id, parent=self.parent())

    def outcomes(self) -> RecordTableModel[OutcomeRow]:
        """What really happened, with the proof."""
        words = self._words
        columns: list[Column[OutcomeRow]] = [
            Column(
                id="outcome",
                title=self.tr("Outcome"),
                text=lambda row: marked(words.outcome(row.outcome.kind)),
                tone=lambda row: words.outcome(row.outcome.kind)[0].tone,
                export=lambda row: row.outcome.kind.value,
                width=168,
            ),
            Column(
                id="order",
                title=self.tr("Order"),
                text=self._order,
                tone=lambda row: side_tone(row.verdict.live.side) if row.verdict and row.verdict.live else None,
                tooltip=lambda row: row.outcome.order_key,
                fields=order_fields(lambda row: row.verdict),
                wrap=True,
                whole=True,
                width=288,
            ),
            Column(
                id="action",
                title=self.tr("Decision"),
                text=lambda row: words.action(row.outcome.action)[0],
                export=lambda row: row.outcome.action.value,
                width=88,
            ),
            Column(
                id="proof",
                title=self.tr("Proof"),
                text=lambda row: said(row.outcome.text),
                fields=_PROOF_FIELDS,
                tooltip=lambda row: said(row.outcome.text),
                width=120,
                stretch=True,
                wrap=True,
            ),
            Column(
                id="note",
                title=self.tr("Note"),
                text=lambda row: row.note,
                tooltip=lambda row: row.note,
                width=120,
                stretch=True,
                wrap=True,
            ),
        ]
        return RecordTableModel(columns, key=lambda row: row.outcome.order_key, parent=self.parent())

    def _after(self, verdict: OrderVerdict) -> str:
        if verdict.kind is OrderVerdictKind.MISSING_UNPROVEN:
            # The keys may be those of another account: what is denied need not be over.
            return self.tr("removed from the state, the exchange denies it")
        if verdict.is_stale:
            return self.tr("removed from the state, it is over")
        if verdict.kind is OrderVerdictKind.DRIFTED:
            return self.tr("stays, brought up to date")
        return self.tr("stays as it was known")

    def _proof(self, verdict: OrderVerdict) -> str:
        told = _proof_fact(verdict)
        return self._words.evidence(told) if told is not None else ""

    def _sum_name(self, name: str) -> str:
        return {
            "equity": self.tr("Equity"),
            "balance": self.tr("Balance"),
            "available": self.tr("Available"),
            "margin_used": self.tr("Margin used"),
            "unrealized_pnl": self.tr("Unrealized PnL"),
        }[name]

    def _order(self, row: OutcomeRow) -> str:
        live = row.verdict.live if row.verdict else None
        if row.verdict is None or live is None:
            return row.outcome.order_key
        return self._words.order(live, row.verdict.contract)
