"""Verdicts, decisions, outcomes and evidence in the operator's words, each with its status or tone."""

from decimal import Decimal

from PySide6.QtCore import QCoreApplication, QObject

from crashdesk import OrderStatus, OrderType, Side
from crashdesk.contracts import Contract, plain, quote_of
from crashdesk.exchange.records import ExchangeOrder, ScopeStatus
from crashdesk.order_prices import price_of
from crashdesk.reconcile.records import (
    Action,
    Evidence,
    OrderVerdict,
    OrderVerdictKind,
    OutcomeKind,
    Plan,
    PositionVerdict,
    PositionVerdictKind,
    Source,
)
from crashdesk.reconcile.stop_cover import StopJudgement, judge_stops
from crashdesk.reconcile.words import looks_foreign, percent_value
from crashdesk.state import OrderState
from crashdesk_gui.display import Display
from crashdesk_gui.models.amounts import amount_words, part_words
from crashdesk_gui.phrases import said_value
from crashdesk_gui.theme import Status, Tone

BUY_GLYPH = "▲"
SELL_GLYPH = "▼"


def side_tone(side: Side) -> Tone:
    """Blue for buy and long, orange for sell and short."""
    return Tone.LONG if side is Side.BUY else Tone.SHORT


def marked(status_and_word: tuple[Status, str]) -> str:
    """`✓ read`: the glyph and the word of a table cell whose column gives the tone."""
    status, word = status_and_word
    return f"{status.glyph} {word}"


def side_glyph(side: Side) -> str:
    """▲ for buy and long, ▼ for sell and short."""
    return BUY_GLYPH if side is Side.BUY else SELL_GLYPH


def stop_status(judged: StopJudgement) -> Status:
    """The tone of a judgement on stops: a position without any is never calmer than one that is covered in part.

    Where the account uses no stops at all, that there is none is no warning, of any position alike; see `stop_cover`.
    """
    return {
        StopJudgement.GONE: Status.BAD,
        StopJudgement.NONE: Status.DIFFERS,
        StopJudgement.PART: Status.DIFFERS,
        StopJudgement.UNKNOWN: Status.UNKNOWN,
    }.get(judged, Status.OK)


def evidence_text(evidence: Evidence) -> str:
    """One fact of the core in the language that is spoken."""
    # What changed may be an id, which is a number too and no amount.
    amounts = evidence.values.get("field") != "id" and "client_id" not in evidence.values
    values = {
        name: said_value("amount" if amounts and name in ("old", "new") else name, value)
        for name, value in evidence.values.items()
    }
    return QCoreApplication.translate("Evidence", evidence.template).format(**values)


class PlanWords(QObject):
    """The vocabulary of plans. Everything is translated when it is asked for."""

    def __init__(self, display: Display, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.display = display

    def order_side(self, side: Side) -> str:
        """`▲ buy`, `▼ sell`."""
        word = self.tr("buy") if side is Side.BUY else self.tr("sell")
        return f"{side_glyph(side)} {word}"

    def position_side(self, side: Side) -> str:
        """`▲ long`, `▼ short`."""
        word = self.tr("long") if side is Side.BUY else self.tr("short")
        return f"{side_glyph(side)} {word}"

    def order_type(self, kind: OrderType) -> str:
        """`stop limit`."""
        # Asked for every row of a long table, so only the one word is looked up.
        match kind:
            case OrderType.MARKET:
                word = self.tr("market")
            case OrderType.LIMIT:
                word = self.tr("limit")
            case OrderType.STOP:
                word = self.tr("stop")
            case OrderType.STOP_LIMIT:
                word = self.tr("stop limit")
            case OrderType.TAKE_PROFIT:
                word = self.tr("take profit")
            case OrderType.TAKE_PROFIT_LIMIT:
                word = self.tr("take profit limit")
            case OrderType.TRAILING_STOP:
                word = self.tr("trailing stop")
            case _:
                word = self.tr("other")
        return word

    def order_status(self, status: OrderStatus) -> str:
        """`partially filled`."""
        return {
            OrderStatus.PENDING: self.tr("pending"),
            OrderStatus.OPEN: self.tr("open"),
            OrderStatus.PARTIALLY_FILLED: self.tr("partially filled"),
            OrderStatus.FILLED: self.tr("filled"),
            OrderStatus.CANCELLED: self.tr("cancelled"),
            OrderStatus.REJECTED: self.tr("rejected"),
            OrderStatus.EXPIRED: self.tr("expired"),
        }[status]

    def price(self, order: ExchangeOrder | OrderState) -> str:
        """The price; for an order that waits for a trigger, the trigger, marked as such."""
        price, number = price_of(order), self.display.decimal
        if price.trigger is not None and price.limit is not None:
            return self.tr("trig. {0} → {1}").format(number(price.trigger), number(price.limit))
        if price.trigger is not None:
            return self.tr("trig. {0}").format(number(price.trigger))
        if price.limit is not None:
            return number(price.limit)
        return self.tr("market") if price.at_market else self.tr("an unstated price")

    def amount(self, amount: Decimal | None, contract: Contract | None) -> str:
        """`5 contracts (0.05 BTC)`; the number alone where it counts coins."""
        return amount_words(self.display, amount, contract)

    def remaining(self, verdict: OrderVerdict, *, short: bool = False) -> str:
        """`5 / 5 contracts (0.05 BTC)`: what remains of an order, and its whole amount; `short` without the coins."""
        live = verdict.live
        if live is None:
            return self.display.decimal(None)
        return part_words(self.display, live.remaining, live.amount, verdict.contract, short=short)

    def notional(self, verdict: OrderVerdict) -> str:
        """`364.5 USDT`: what remains of an order in money."""
        if verdict.notional is None or verdict.live is None:
            return self.display.decimal(None)
        return f"{self.exact(verdict.notional)} {quote_of(verdict.live.symbol)}".strip()

    def stops(self, verdict: PositionVerdict) -> tuple[Status, str] | None:
        """How much of a position stops cover, by the core's judgement; None where there is no position that they could."""
        judged, live, stops = judge_stops(verdict), verdict.live, verdict.stops
        if judged is None:
            return None
        covered = stops.covered if stops is not None else None
        if judged is StopJudgement.PART:
            text = self.tr("stops cover {0} of {1}")
        elif judged is StopJudgement.UNKNOWN and covered:
            text = self.tr("stops cover at least {0} of {1} (there may be more)")
        else:
            return stop_status(judged), self._stops_whole(judged)
        whole = self.amount(live.contracts if live is not None else None, verdict.contract)
        return stop_status(judged), text.format(self.display.decimal(covered), whole)

    def _stops_whole(self, judged: StopJudgement) -> str:
        if judged is StopJudgement.ALL:
            return self.tr("stops cover all of it")
        if judged is StopJudgement.GONE:
            return self.tr("no stop on the exchange, though the last known state or the journal has one")
        if judged is StopJudgement.UNKNOWN:
            return self.tr("whether a stop protects it is not known")
        return self.tr("no stop on the exchange")

    def stops_short(self, verdict: PositionVerdict) -> str:
        """The same for a table's cell: `! 0.25 of 0.27`, `✕ none`."""
        judged, live, stops = judge_stops(verdict), verdict.live, verdict.stops
        if judged is None:
            return self.display.decimal(None)
        covered = self.display.decimal(stops.covered) if stops is not None and stops.covered else ""
        whole = self.display.decimal(live.contracts if live is not None else None)
        if judged is StopJudgement.ALL:
            text = self.tr("all")
        elif judged is StopJudgement.PART:
            text = self.tr("{0} of {1}").format(covered, whole)
        elif judged is StopJudgement.UNKNOWN:
            text = self.tr("at least {0}").format(covered) if covered else self.tr("unknown")
        else:
            text = self.tr("none")
        return text if judged is StopJudgement.UNUSED else f"{stop_status(judged).glyph} {text}"

    def leg(self, side: Side, quantity: Decimal | None, contract: Contract | None) -> str:
        """`▲ long 0.25`."""
        word = self.tr("▲ long {0}") if side is Side.BUY else self.tr("▼ short {0}")
        return word.format(self.amount(quantity, contract))

    def adoption_warning(self, verdict: OrderVerdict) -> str:
        """Why adopting an order is dangerous; empty where nothing speaks against it."""
        if verdict.other_program:
            return self.tr(
                "Its client order id starts with {0}, which belongs to another program: if the bot adopts it, two programs "
                "manage one order."
            ).format(verdict.other_program)
        if looks_foreign(verdict) and verdict.live is not None:
            return self.tr(
                "This looks like the order of another program or a person (client order id {0}): make sure that nobody "
                "else manages it before the bot adopts it."
            ).format(verdict.live.client_order_id)
        return ""

    def order(self, order: ExchangeOrder | OrderState, contract: Contract | None = None) -> str:
        """One order in a line: `▲ buy 12.5 BTC/USDT:USDT at 36 450.0`; `contract` is what its amount counts."""
        amount = order.amount if isinstance(order, ExchangeOrder) else order.quantity
        text = self.tr("{0} {1} {2} at {3}") if contract is None else self.tr("{0} {1} of {2} at {3}")
        return text.format(self.order_side(order.side), self.amount(amount, contract), order.symbol, self.price(order))

    def compared(self, plan: Plan) -> str:
        """What was compared with the exchange: `checkpoint 41 + 12 changes`."""
        changes = self.tr("%n change(s)", "", plan.changes)
        if plan.checkpoint_seq is None:
            return self.tr("{0} without a checkpoint").format(changes) if plan.changes else self.tr("an empty state")
        checkpoint = self.tr("checkpoint {0}").format(plan.checkpoint_seq)
        return f"{checkpoint} + {changes}" if plan.changes else checkpoint

    def known_state(self, plan: Plan) -> str:
        """The same for a sentence: `the last known state (checkpoint 41 + 12 changes)`; an older checkpoint is only that."""
        return (
            self.tr("the last known state ({0})").format(self.compared(plan)) if plan.changes else self.compared(plan)
        )

    def orders(self, count: int) -> str:
        """`1 order`, `3 orders`."""
        return self.tr("1 order") if count == 1 else self.tr("{0} orders").format(self.display.count(count))

    def verdict(self, verdict: OrderVerdict) -> tuple[Status, str]:
        """The conclusion on one order."""
        kinds = OrderVerdictKind
        return {
            kinds.MATCHED: (Status.OK, self.tr("matched")),
            kinds.DRIFTED: (Status.DIFFERS, self.tr("changed since")),
            kinds.FILLED_WHILE_DOWN: (Status.DIFFERS, self.tr("filled since")),
            kinds.CLOSED_WHILE_DOWN: (Status.DIFFERS, self.tr("closed since")),
            kinds.MISSING_UNPROVEN: (Status.DIFFERS, self.tr("gone, fate unproven")),
            kinds.OWN_ORPHAN: (Status.DIFFERS, self.tr("ours, unknown to the bot")),
            kinds.FOREIGN: (Status.OK, self.tr("not ours")),
            kinds.AMBIGUOUS: (Status.UNKNOWN, self.tr("cannot tell whose")),
            kinds.UNKNOWN: (Status.UNKNOWN, self.tr("unknown")),
        }[verdict.kind]

    def position_verdict(self, verdict: PositionVerdict) -> tuple[Status, str]:
        """The conclusion on one position leg; with another entry price it was traded, whatever its quantity."""
        kinds = PositionVerdictKind
        if verdict.kind is kinds.MATCHED and verdict.differs:
            return Status.DIFFERS, self.tr("entry price differs")
        return {
            kinds.MATCHED: (Status.OK, self.tr("matched")),
            kinds.QUANTITY_DIFFERS: (Status.DIFFERS, self.tr("quantity differs")),
            kinds.SIDE_FLIPPED: (Status.DIFFERS, self.tr("side flipped")),
            kinds.OPENED_WHILE_DOWN: (Status.DIFFERS, self.tr("opened since")),
            kinds.CLOSED_WHILE_DOWN: (Status.DIFFERS, self.tr("closed since")),
            kinds.UNKNOWN: (Status.UNKNOWN, self.tr("could not be read")),
        }[verdict.kind]

    def action(self, action: Action) -> tuple[str, Tone]:
        """A decision with its glyph: `✕ cancel`."""
        glyph, word, tone = {
            Action.CANCEL: ("✕", self.tr("cancel"), Tone.DANGER),
            Action.ADOPT: ("+", self.tr("adopt"), Tone.ACCENT),
            Action.LEAVE: ("○", self.tr("leave"), Tone.TEXT),
        }[action]
        return f"{glyph} {word}", tone

    def outcome(self, kind: OutcomeKind) -> tuple[Status, str]:
        """What became of a decision."""
        return {
            OutcomeKind.CANCELLED: (Status.OK, self.tr("cancelled")),
            OutcomeKind.ALREADY_CLOSED: (Status.OK, self.tr("already closed")),
            OutcomeKind.FILLED: (Status.DIFFERS, self.tr("already filled")),
            OutcomeKind.CHANGED: (Status.DIFFERS, self.tr("changed, not touched")),
            OutcomeKind.REFUSED: (Status.BAD, self.tr("refused")),
            OutcomeKind.UNKNOWN: (Status.UNKNOWN, self.tr("unknown, check again")),
            OutcomeKind.ADOPTED: (Status.OK, self.tr("adopted")),
            OutcomeKind.LEFT: (Status.OK, self.tr("left")),
            OutcomeKind.SKIPPED: (Status.UNKNOWN, self.tr("skipped")),
            OutcomeKind.STILL_OPEN: (Status.DIFFERS, self.tr("still open")),
        }[kind]

    def scope_status(self, status: ScopeStatus) -> tuple[Status, str]:
        """How reading a scope ended."""
        return {
            ScopeStatus.READ: (Status.OK, self.tr("read")),
            ScopeStatus.NOT_SUPPORTED: (Status.UNKNOWN, self.tr("not supported")),
            ScopeStatus.FAILED: (Status.BAD, self.tr("failed")),
            ScopeStatus.TRUNCATED: (Status.DIFFERS, self.tr("cut off")),
        }[status]

    def source(self, source: Source) -> str:
        """Whom a piece of evidence comes from."""
        return {
            Source.CHECKPOINT: self.tr("Last known state"),
            Source.JOURNAL: self.tr("The journal says"),
            Source.EXCHANGE: self.tr("The exchange says"),
            Source.RULE: self.tr("Why"),
        }[source]

    def evidence(self, evidence: Evidence) -> str:
        """One fact, its template translated where a translation exists."""
        return evidence_text(evidence)

    def percent(self, fraction: Decimal | None) -> str:
        """A signed share of the price, cut to hundredths of a percent: `−0.42 %`."""
        if fraction is None:
            return self.display.decimal(None)
        return f"{self.display.decimal(percent_value(fraction), sign=True)} %"

    def exact(self, value: Decimal | None, *, sign: bool = False) -> str:
        """A computed value without the zeros that its factors brought along; exact."""
        return self.display.decimal(None if value is None else plain(value), sign=sign)
