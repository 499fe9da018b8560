"""The table of orphan orders: one row per order, grouped by what may be done about it."""

from __future__ import annotations

from operator import attrgetter

import msgspec
from PySide6.QtCore import QObject

from crashdesk import OrderType, Side
from crashdesk.exchange.records import ExchangeOrder
from crashdesk.operator_recovery import RecoveryReport
from crashdesk.reconcile.records import (
    NOT_CARRIED_OUT,
    Action,
    Decision,
    OrderVerdict,
    OrderVerdictKind,
    Outcome,
    OutcomeKind,
)
from crashdesk.reconcile.words import NoDecision, decision_word, no_decision, percent_value
from crashdesk_gui.models.columns import Field
from crashdesk_gui.models.order_fields import amount_fields, iso, order_fields
from crashdesk_gui.models.orphan_reasons import reason_of, short_reason
from crashdesk_gui.models.plan_words import PlanWords, marked, side_tone
from crashdesk_gui.models.table import Column, RecordTableModel, Section
from crashdesk_gui.phrases import said
from crashdesk_gui.theme import Tone

OURS = "ours"
PROTECTIVE = "protective"
FOREIGN = "foreign"
UNCLEAR = "unclear"
_MOST_WHYS = 20_000


class OrphanRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One orphan order on the desk.

    `key` is the verdict's, kept because it is asked for often. `outcome` is what the execution of this plan made of it,
    `before` what an execution before this comparison did not manage, so that the order came back.
    """

    key: str
    verdict: OrderVerdict
    decision: Decision | None = None
    outcome: Outcome | None = None
    before: Outcome | None = None

    @property
    def live(self) -> ExchangeOrder:
        """The order on the exchange; an orphan always has one."""
        live = self.verdict.live
        assert live is not None
        return live


def section_of(verdict: OrderVerdict) -> str:
    """The group of an orphan order. Protection comes first: such an order is dangerous to cancel, whoever owns it."""
    if verdict.protective:
        return PROTECTIVE
    if verdict.kind is OrderVerdictKind.OWN_ORPHAN:
        return OURS
    return FOREIGN if verdict.kind is OrderVerdictKind.FOREIGN else UNCLEAR


def can_adopt(verdict: OrderVerdict) -> bool:
    """Whether the order can join the state, which needs its amount."""
    return verdict.live is not None and verdict.live.amount is not None


def not_touched(report: RecoveryReport | None) -> dict[str, Outcome]:
    """The outcomes by order that left an order as it was."""
    outcomes = report.execution.outcomes if report is not None else ()
    return {each.order_key: each for each in outcomes if each.kind in NOT_CARRIED_OUT}


def _section_of_row(row: OrphanRow) -> str:
    return section_of(row.verdict)


def _is_to_cancel(row: OrphanRow) -> bool:
    return row.decision is not None and row.decision.action is Action.CANCEL


_DECISION_FIELDS: tuple[Field[OrphanRow], ...] = (
    Field("verdict", lambda row: row.verdict.kind.value),
    Field("decision", lambda row: decision_word(row.decision.action if row.decision else None, row.verdict)),
    Field("note", lambda row: row.decision.note if row.decision else row.verdict.dismissed),
    Field("outcome", lambda row: row.outcome.kind.value if row.outcome else None),
    Field("proof", lambda row: row.outcome.text if row.outcome else None),
)


class OrphanTable(RecordTableModel[OrphanRow]):
    """Orphan orders in four groups; a checked row is one to cancel."""

    def __init__(self, words: PlanWords, parent: QObject | None = None) -> None:
        texts = _OrphanTexts(words)
        super().__init__(
            texts.columns(),
            key=attrgetter("key"),
            checked=_is_to_cancel,
            sections=texts.sections(),
            section_of=_section_of_row,
            fixed=attrgetter("verdict"),
            changing=("decision", "why"),
            parent=parent,
        )
        texts.setParent(self)
        self._texts = texts
        self._proposed = (True, False, False)

    def why_in_full(self, row: OrphanRow) -> str:
        """What the cell says in a few words, in whole sentences; it stands first in the evidence too."""
        return self._texts.why_in_full(row)

    def set_proposed(self, proposed: bool, *, read_only: bool = False, held: bool = False) -> None:
        """Say whether what is provably ours is proposed for cancelling.

        It is not while the journal is in doubt, nor with a `read_only` key, which could not cancel it, nor while the store is
        `held` by somebody who is at work on it.
        """
        if (proposed, read_only, held) != self._proposed:
            self._proposed = (proposed, read_only, held)
            self.set_sections(self._texts.sections(proposed=proposed, read_only=read_only, held=held))


class _OrphanTexts(QObject):
    """What the cells say. Sorting asks for every cell of a column, so what few words can say is put into words once."""

    def __init__(self, words: PlanWords) -> None:
        super().__init__()
        self._words = words
        self._display = words.display
        self._sides = {side: words.order_side(side) for side in Side}
        self._types = {kind: words.order_type(kind) for kind in OrderType}
        self._actions = {action: words.action(action) for action in Action}
        self._outcomes = {kind: words.outcome(kind) for kind in OutcomeKind}
        self._no_decisions = {
            NoDecision.UNDECIDED: self.tr("undecided"),
            NoDecision.LEFT_ALONE: self.tr("untouched"),
            NoDecision.LEFT_BEFORE: self.tr("left before"),
        }
        self._whys: dict[str, tuple[OrderVerdict, str]] = {}

    def sections(self, *, proposed: bool = True, read_only: bool = False, held: bool = False) -> tuple[Section, ...]:
        if held:
            ours = self.tr("not proposed while somebody else is at work on the store")
        elif read_only:
            ours = self.tr("not proposed: this account's key can only read, so it cannot cancel them")
        elif proposed:
            ours = self.tr("proposed for cancelling: the bot would trade beside what it does not know")
        else:
            ours = self.tr("not proposed: what the bot knew may be incomplete")
        return (
            Section(
                id=OURS,
                title=self.tr("Ours, unknown to the bot"),
                note=ours,
            ),
            Section(
                id=PROTECTIVE,
                title=self.tr("Protects a position"),
                note=self.tr("never proposed: without it a position may stand unprotected"),
                tone=Tone.WARNING,
            ),
            Section(
                id=FOREIGN,
                title=self.tr("Not ours"),
                note=self.tr("never proposed: a person or another program placed it"),
            ),
            Section(
                id=UNCLEAR,
                title=self.tr("Cannot tell"),
                note=self.tr("never proposed: nothing proves whose it is"),
                tone=Tone.UNKNOWN,
            ),
        )

    def columns(self) -> list[Column[OrphanRow]]:
        return [*self._named(), *self._measured(), *self._explained()]

    def _named(self) -> list[Column[OrphanRow]]:
        return [
            Column(
                id="decision",
                title=self.tr("Decision"),
                text=self._decision,
                tone=self._decision_tone,
                check=True,
                fields=_DECISION_FIELDS,
                tooltip=self._decision_in_full,
                whole=True,
                width=104,
            ),
            Column(
                id="symbol",
                title=self.tr("Symbol"),
                text=lambda row: row.live.symbol,
                fields=(),
                whole=True,
                wrap=True,
                width=112,
            ),
            Column(
                id="side",
                title=self.tr("Side"),
                text=lambda row: self._sides[row.live.side],
                tone=lambda row: side_tone(row.live.side),
                export=lambda row: row.live.side.value,
                fields=(),
                whole=True,
                width=58,
            ),
            Column(
                id="type",
                title=self.tr("Type"),
                text=lambda row: self._types[row.live.order_type],
                export=lambda row: row.live.order_type.value,
                fields=(),
                width=70,
            ),
        ]

    def _measured(self) -> list[Column[OrphanRow]]:
        words = self._words
        return [
            Column(
                id="price",
                title=self.tr("Price"),
                text=lambda row: words.price(row.live),
                sort=lambda row: row.live.price if row.live.price is not None else row.live.trigger_price,
                export=lambda row: row.live.price if row.live.price is not None else row.live.trigger_price,
                fields=order_fields(lambda row: row.verdict),
                numeric=True,
                tooltip=lambda row: words.price(row.live),
                wrap=True,
                width=72,
            ),
            Column(
                id="distance",
                title=self.tr("From market"),
                text=lambda row: words.percent(row.verdict.distance),
                sort=lambda row: row.verdict.distance,
                export=lambda row: percent_value(row.verdict.distance),
                fields=(),
                numeric=True,
                tooltip=lambda _row: self.tr("How far its price is from the current price of the market"),
                width=86,
            ),
            Column(
                id="remaining",
                title=self.tr("Remaining / amount"),
                text=lambda row: words.remaining(row.verdict, short=True),
                sort=lambda row: row.live.remaining,
                export=lambda row: row.live.remaining,
                fields=amount_fields(lambda row: row.verdict),
                numeric=True,
                tooltip=lambda row: words.remaining(row.verdict),
                wrap=True,
                width=134,
            ),
            Column(
                id="notional",
                title=self.tr("Notional"),
                text=lambda row: words.exact(row.verdict.notional),
                sort=lambda row: row.verdict.notional,
                export=lambda row: row.verdict.notional,
                fields=(),
                numeric=True,
                tooltip=lambda row: self.tr("{0}: what remains of the order").format(words.notional(row.verdict)),
                width=76,
            ),
        ]

    def _explained(self) -> list[Column[OrphanRow]]:
        return [
            Column(
                id="age",
                title=self.tr("Age"),
                text=self._age,
                sort=lambda row: None if row.live.created_at is None else -row.live.created_at,
                export=lambda row: iso(row.live.created_at),
                fields=(),
                numeric=True,
                tooltip=lambda row: self._display.time(row.live.created_at),
                width=68,
            ),
            Column(
                id="why",
                title=self.tr("Why"),
                text=self._why,
                fields=(Field("why", lambda row: reason_of(row.verdict).text),),
                tone=lambda row: Tone.WARNING if row.before else Tone.MUTED,
                export=self.why_in_full,
                tooltip=self.why_in_full,
                width=176,
                stretch=True,
                wrap=True,
                whole=True,
            ),
            Column(
                id="client_order_id",
                title=self.tr("Client order id"),
                text=lambda row: row.live.client_order_id or "—",
                export=lambda row: row.live.client_order_id,
                fields=(),
                tooltip=lambda row: row.live.client_order_id,
                width=132,
            ),
            Column(
                id="order_id",
                title=self.tr("Order id"),
                text=lambda row: row.live.id,
                fields=(),
                width=112,
                visible=False,
            ),
        ]

    def _decision(self, row: OrphanRow) -> str:
        if row.outcome is not None:
            return marked(self._outcomes[row.outcome.kind])
        if row.decision is not None:
            return self._actions[row.decision.action][0]
        return self._no_decisions[no_decision(row.verdict)]

    def _decision_in_full(self, row: OrphanRow) -> str:
        if row.outcome is not None:
            return said(row.outcome.text)
        if row.decision is not None:
            return ""
        if row.verdict.dismissed:
            return self.tr("Decided before: leave it. {0}").format(said(row.verdict.dismissed))
        if row.verdict.left_alone:
            return self.tr("It is not ours: nothing is done to it unless you decide so.")
        return self.tr("Nobody has decided on it yet.")

    def _decision_tone(self, row: OrphanRow) -> Tone:
        if row.outcome is not None:
            return self._outcomes[row.outcome.kind][0].tone
        return self._actions[row.decision.action][1] if row.decision else Tone.MUTED

    def _age(self, row: OrphanRow) -> str:
        created = row.live.created_at
        return self._display.decimal(None) if created is None else self._display.duration(self._display.now() - created)

    def _came_back(self, before: Outcome, *, short: bool) -> str:
        """That the last recovery left it; of an outcome that was unknown, the new comparison tells the end."""
        seen_open = before.kind in (OutcomeKind.UNKNOWN, OutcomeKind.STILL_OPEN)
        told = self._outcomes[OutcomeKind.STILL_OPEN][1] if short and seen_open else said(before.text)
        return self.tr("! Came back: {0}").format(told)

    def _why(self, row: OrphanRow) -> str:
        if row.before is not None:
            return self._came_back(row.before, short=True)
        verdict, text = self._whys.get(row.key, (None, ""))
        if verdict is not row.verdict:
            fact = reason_of(row.verdict)
            text = short_reason(fact) or self._words.evidence(fact)
            if len(self._whys) >= _MOST_WHYS:
                self._whys.clear()
            self._whys[row.key] = row.verdict, text
        return text

    def why_in_full(self, row: OrphanRow) -> str:
        if row.before is not None:
            return self._came_back(row.before, short=False)
        return self._words.evidence(reason_of(row.verdict))
