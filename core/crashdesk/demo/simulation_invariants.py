"""What must hold in every simulated incident. Each function returns what is wrong, in words; the ledger is the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from crashdesk.audit import AuditKind
from crashdesk.demo.simulation_bot import same_content
from crashdesk.demo.simulation_exchange import ORDER_SCOPES, Reading, Request, unlike
from crashdesk.demo.simulation_incident import LOG_MISSING, Incident, Turn
from crashdesk.demo.simulation_state import wrong_in_state
from crashdesk.demo.simulation_verdicts import wrong_order_verdict, wrong_position_verdicts
from crashdesk.demo.simulation_world import BOT
from crashdesk.exchange.records import ScopeKind, ScopeStatus
from crashdesk.reconcile.records import Action, OrderVerdict, OrderVerdictKind, OutcomeKind
from crashdesk.reconcile.rules import Rules
from crashdesk.state import OPEN_STATUSES, OrderStatus

Invariant = Callable[[Incident], Iterator[str]]

_GRACE_NS = Rules(now_ns=0).grace_ns


def no_order_that_should_live_is_cancelled(incident: Incident) -> Iterator[str]:
    """Unattended only own orphans that protect nothing are cancelled, with an operator only what was approved, as shown."""
    for request in incident.exchange.requests:
        turn = incident.turns[request.turn]
        if turn.operator and turn.decisions.get(request.key) is not Action.CANCEL:
            yield f"turn {request.turn}: {request.key} was cancelled, and nobody approved it"
        if not turn.operator:
            yield from (f"turn {request.turn}: {text}" for text in _should_live(incident, turn, request.key))
        yield from _changed(turn, request)
    for turn, _ in _compared(incident):
        for verdict in turn.plan.orphans if turn.plan is not None else ():
            if verdict.preselected:
                yield from (f"proposed: {text}" for text in _should_live(incident, turn, verdict.key))


def _should_live(incident: Incident, turn: Turn, key: str) -> Iterator[str]:
    reading = turn.reading
    if reading is None:
        yield f"{key} was cancelled before anything was read"
        return
    if reading.owners.get(key) != BOT and not incident.character.manifest.exclusive_account:
        yield f"{key} belongs to {reading.owners.get(key)}"
    if key in reading.guards:
        yield f"{key} protects a position"
    if turn.dismissed.get(key, 0) > incident.world.amended.get(key, 0):
        yield f"{key} was left by an operator"
    known = turn.shown or turn.known
    if known is not None and key.rpartition(":")[2] in {order.id for order in known.open_orders}:
        yield f"{key} is known to the bot"


def _changed(turn: Turn, request: Request) -> Iterator[str]:
    if turn.plan is None:
        return
    shown = {verdict.key: verdict.live for verdict in turn.plan.orphans}.get(request.key)
    if shown is None or request.seen is None:
        yield f"{request.key} was cancelled without having been shown and read"
    elif unlike(shown, request.seen):
        yield f"{request.key} was cancelled though it had changed since it was shown"


def every_own_orphan_is_found(incident: Incident) -> Iterator[str]:
    """What the bot left behind in a scope that was read is in the plan, and called its own where that can be proved."""
    for turn, reading in _compared(incident):
        assert turn.plan is not None
        verdicts = {verdict.live.key: verdict for verdict in turn.plan.orders if verdict.live is not None}
        for key, order in reading.open().items():
            if reading.owners[key] != BOT or key in reading.hidden:
                continue
            if not reading.covers(ORDER_SCOPES[order.namespace], order.symbol):
                continue
            verdict = verdicts.get(key)
            if verdict is None:
                yield f"{key} of the bot is open and in no verdict"
            elif verdict.is_orphan:
                yield from _not_claimed(incident, turn, verdict)


def _not_claimed(incident: Incident, turn: Turn, verdict: OrderVerdict) -> Iterator[str]:
    order, manifest = verdict.live, incident.character.manifest
    assert order is not None
    assert turn.plan is not None
    young = order.created_at is not None and turn.plan.made_at - order.created_at < _GRACE_NS
    if young:
        if verdict.kind is not OrderVerdictKind.UNKNOWN:
            yield f"{verdict.key} is too young to judge and called {verdict.kind.value}"
        return
    sent_at = turn.intents.get((order.symbol, order.client_order_id))
    unmeasured = turn.plan.known_at == turn.plan.known_at_exchange
    if unmeasured and sent_at is not None and turn.plan.made_at - sent_at < _GRACE_NS:
        return  # by the bot's own word, where nobody knows how the two clocks compare
    prefix = manifest.client_order_id_prefix
    marked = bool(prefix) and order.client_order_id.startswith(prefix)
    intended = bool(order.client_order_id) and (order.symbol, order.client_order_id) in turn.intents
    if (marked or intended or manifest.exclusive_account) and verdict.kind is not OrderVerdictKind.OWN_ORPHAN:
        yield f"{verdict.key} is provably the bot's and called {verdict.kind.value}"


def nothing_is_concluded_that_was_not_read(incident: Incident) -> Iterator[str]:
    """Verdicts say no more than what was told, and what they say is true on the ledger."""
    for turn, reading in _compared(incident):
        assert turn.plan is not None
        for verdict in turn.plan.orders:
            yield from wrong_order_verdict(verdict, reading)
        yield from wrong_position_verdicts(turn.plan, reading)
    for turn in incident.turns:
        if turn.status == "success" and turn.final is not None:
            unread = {kind for kind, _ in turn.final.unread} - {ScopeKind.ACCOUNT}
            failed = {k for k, how in turn.gaps.items() if how is not ScopeStatus.NOT_SUPPORTED}
            for kind in unread & failed:
                yield f"a recovery that could not read {kind.value} was called a success"


def the_recovered_state_is_the_ledgers(incident: Incident) -> Iterator[str]:
    """After a recovery orders, fills, positions and account are what the ledger holds, wherever it was read."""
    for number, turn in enumerate(incident.turns):
        if turn.after is not None and turn.final is not None:
            yield from (f"turn {number} ({turn.mode}): {text}" for text in wrong_in_state(turn, incident))
        missing = turn.calm and turn.known is not None and turn.after is None and not turn.repaired
        if missing and not _looks_like_another_account(incident, turn):
            yield f"turn {number} ({turn.mode}) saved nothing although everything could be read: {turn.error or turn.status}"


def _looks_like_another_account(incident: Incident, turn: Turn) -> bool:
    """Whether the exchange has forgotten all that was known, at once: then a bot's start leaves it to an operator."""
    assert turn.known is not None
    known = {(order.symbol, order.id) for order in turn.known.open_orders}
    told = incident.exchange.truth().orders.values()
    remembered = any((each.symbol, each.id) in known and (each.status in OPEN_STATUSES or each.filled) for each in told)
    return "may be another one than the store's" in turn.error and not remembered


def recovering_twice_changes_nothing(incident: Incident) -> Iterator[str]:
    """A second recovery right after a complete one sends nothing and saves the same state."""
    last, before = incident.turns[-1], incident.turns[-2]
    if not last.again or not before.calm or before.after is None:
        return
    if before.before or (before.plan is not None and before.plan.denied):
        return  # where the store doubted itself, or the account, what may be the bot's was not proposed the first time
    sent = [request.key for request in incident.exchange.requests if request.turn == len(incident.turns) - 1]
    if sent:
        yield f"recovering a second time sent cancel requests for {', '.join(sent)}"
    if last.after is None or not same_content(last.after, before.after):
        yield f"recovering a second time changed the state: {last.error}"


def declining_sends_nothing(incident: Incident) -> Iterator[str]:
    """Without a decision to cancel nothing is sent."""
    for request in incident.exchange.requests:
        turn = incident.turns[request.turn]
        if turn.operator and Action.CANCEL not in turn.decisions.values():
            yield f"{request.key} was sent although everything was declined"


def the_order_of_reports_does_not_matter(incident: Incident) -> Iterator[str]:
    """Two looks at the same exchange, told in another order, give the same plan."""
    for turn in incident.turns:
        if len(set(turn.ids)) > 1:
            yield f"the same exchange told in another order gave the plans {' and '.join(turn.ids)}"


def one_request_an_order_and_plan(incident: Incident) -> Iterator[str]:
    """However often a plan is executed, resumed or pressed twice, an order is asked to be cancelled once."""
    counts: Counter[tuple[str, str]] = Counter()
    for request in incident.exchange.requests:
        plan = incident.turns[request.turn].plan
        counts[plan.id if plan is not None else f"turn {request.turn}", request.key] += 1
    yield from (
        f"{key} was asked {count} times to be cancelled by {plan}" for (plan, key), count in counts.items() if count > 1
    )
    for number, turn in enumerate(incident.turns):
        if turn.error.startswith("a "):
            yield f"turn {number}: {turn.error}"


def what_was_acknowledged_is_recovered(incident: Incident) -> Iterator[str]:
    """The last known state is the one that was acknowledged before the crash, or the store says what may be missing."""
    first = incident.turns[0]
    if incident.damage == LOG_MISSING:
        return  # what SQLite had not folded in yet is gone, and nothing in the other file tells that it ever was
    if first.known is None:
        if not first.before and not _empty(incident):
            yield "nothing was recovered, and nothing said why"
    elif not same_content(first.known, incident.acknowledged) and not first.before:
        yield f"the recovered state is not the acknowledged one (damage: {incident.damage})"
    if first.before and not incident.journal_damaged:
        yield f"the store doubts itself without damage to its journal: {first.before}"
    if not first.before and not incident.intended <= {client_id for _, client_id in first.intents}:
        yield "an intent that was acknowledged is gone, and nothing said so"
    for number, (turn, following) in enumerate(zip(incident.turns, incident.turns[1:], strict=False)):
        saved = turn.after if not turn.crashed else None
        if saved is not None and (following.known is None or not same_content(saved, following.known)):
            yield f"what turn {number} saved is not what turn {number + 1} found"


def _empty(incident: Incident) -> bool:
    state = incident.acknowledged
    return not (state.open_orders or state.positions or state.strategy_states) and not state.account.equity


def the_audit_log_tells_each_cancellation(incident: Incident) -> Iterator[str]:
    """Each request has its intent before and its outcome after, each outcome is true, and the store verifies."""
    intents = Counter(entry.order_key for entry in incident.audit if entry.kind is AuditKind.INTENT)
    told = {entry.order_key for entry in incident.audit if entry.kind is AuditKind.OUTCOME and entry.text}
    requests = Counter(request.key for request in incident.exchange.requests)
    for key, count in requests.items():
        if intents[key] < count:
            yield f"{count} cancel requests for {key}, {intents[key]} of them announced in the audit log"
    for request in incident.exchange.requests:
        turn = incident.turns[request.turn]
        if not turn.crashed and not turn.error and request.key not in told:
            yield f"the audit log does not tell what came of cancelling {request.key}"
    for turn in incident.turns:
        yield from _false_outcomes(incident, turn)
    if not incident.journal_damaged:
        spoilt = incident.spoilt
        yield from (f"verify: {text}" for text in incident.findings if not (spoilt and text.startswith(spoilt)))


def _false_outcomes(incident: Incident, turn: Turn) -> Iterator[str]:
    if turn.final is None:
        return
    now = incident.exchange.truth().orders
    for outcome in turn.outcomes:
        order = now.get(outcome.order_key)
        status = order.status if order is not None else None
        is_open = status in OPEN_STATUSES
        # Where a request was accepted and the exchange has forgotten the order, nobody can tell what ended it.
        forgotten = order is not None and outcome.reread is None and not is_open and not order.filled
        false = {
            OutcomeKind.CANCELLED: status is not OrderStatus.CANCELLED and not forgotten,
            OutcomeKind.FILLED: status is not OrderStatus.FILLED,
            OutcomeKind.ALREADY_CLOSED: is_open,
        }.get(outcome.kind, False)
        if false:
            yield f"{outcome.order_key} was called {outcome.kind.value} and is {status}"


def _compared(incident: Incident) -> Iterator[tuple[Turn, Reading]]:
    for turn in incident.turns:
        if turn.plan is not None and turn.reading is not None and "resumed" not in turn.mode:
            yield turn, turn.reading


INVARIANTS: tuple[Invariant, ...] = (
    no_order_that_should_live_is_cancelled,
    every_own_orphan_is_found,
    nothing_is_concluded_that_was_not_read,
    the_recovered_state_is_the_ledgers,
    recovering_twice_changes_nothing,
    declining_sends_nothing,
    the_order_of_reports_does_not_matter,
    one_request_an_order_and_plan,
    what_was_acknowledged_is_recovered,
    the_audit_log_tells_each_cancellation,
)
