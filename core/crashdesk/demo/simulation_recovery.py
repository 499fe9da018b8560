"""The ways to recover from a simulated incident: unattended, or by operators of every temper, over networks of every kind."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from pathlib import Path

import msgspec

from crashdesk.demo.simulation_bot import Crash, Crashed, SimulatedBot
from crashdesk.demo.simulation_incident import (
    Incident,
    Stage,
    Turn,
    begin_turn,
    calm_weather,
    look_back,
    until_the_crash,
    weather,
)
from crashdesk.demo.simulation_verdicts import key_of_known
from crashdesk.errors import CrashdeskError, PlanChanged, StoreLocked
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import Comparison, OperatorRecovery, RecoveryReport
from crashdesk.reconcile.records import Action, Decision, Plan

UNATTENDED, APPROVE, DECLINE, RANDOM = (
    "unattended",
    "approves what is proposed",
    "declines everything",
    "decides at random",
)
_MODES = (UNATTENDED, UNATTENDED, APPROVE, DECLINE, RANDOM, RANDOM)
_FAR = 1 << 60


def simulate(seed: int, root: Path) -> Incident:
    """Play one incident below the empty directory `root`; the same seed plays the same incident."""
    stage = Stage(seed, root)
    incident = until_the_crash(stage)
    mode = stage.rng.choice(_MODES)
    for _ in range(stage.rng.choice([0, 1, 1, 1, 1, 2])):
        stage.exchange.weather = weather(stage)
        _turn(stage, incident, mode)
        stage.clock.sleep(stage.rng.choice([0.1, 30]))
    stage.exchange.weather = calm_weather(stage)
    if _turn(stage, incident, mode, calm=True).repaired:
        stage.clock.sleep(1)
        _turn(stage, incident, mode, calm=True)
    _turn(stage, incident, DECLINE if mode == RANDOM else mode, calm=True).again = True
    look_back(stage, incident)
    return incident


def _turn(stage: Stage, incident: Incident, mode: str, *, calm: bool = False) -> Turn:
    turn = begin_turn(stage, incident, mode)
    turn.calm = calm
    if not calm:
        _hide_one(stage, incident, turn)
    rough = not calm and stage.rng.random() < 0.9
    # What an operator is shown is read twice, and the same both times.
    stage.exchange.rough = rough and mode == UNATTENDED
    crash = Crash(
        stage.directory, stage.next_directory(), _FAR if calm else stage.rng.choice([_FAR, _FAR, _FAR, 2, 8, 14, 20])
    )
    first = len(stage.exchange.readings)
    try:
        if mode == UNATTENDED:
            _unattended(stage, turn, crash)
        else:
            _Operators(stage, incident, turn, crash, calm=calm, rough=rough).recover()
    except Crashed as crashed:
        turn.crashed = str(crashed)
    except CrashdeskError as error:
        # A damaged journal tells more once it was repaired, and that is to be looked at first.
        turn.repaired = isinstance(error, PlanChanged) and incident.journal_damaged
        turn.error = f"{type(error).__name__}: {error}"
    finally:
        stage.exchange.before = stage.exchange.after = _nothing
        stage.exchange.rough = False
    if len(stage.exchange.readings) > first:
        turn.reading = turn.reading or stage.exchange.readings[first]
        turn.final = turn.final or stage.exchange.readings[-1]
    if turn.crashed:
        stage.took_over(crash.remains)
        if turn.operator:
            _resume(stage, incident, turn)
    return turn


def _hide_one(stage: Stage, incident: Incident, turn: Turn) -> None:
    """Now and then a list lacks an order that the exchange tells when it is asked for by itself."""
    rng = random.Random(f"{stage.seed}/hidden/{len(incident.turns)}")
    if turn.known is not None and turn.known.open_orders and rng.random() < 0.15:
        hidden = key_of_known(rng.choice(turn.known.open_orders))
        stage.exchange.weather = msgspec.structs.replace(stage.exchange.weather, hidden=frozenset({hidden}))


def _nothing(_name: str) -> None:
    pass


def _dying(crash: Crash) -> Callable[[str], None]:
    return lambda name: crash.here(f"around the request for {name}")


def _unattended(stage: Stage, turn: Turn, crash: Crash) -> None:
    """The bot starts again by itself."""
    bot = SimulatedBot(
        stage.character,
        stage.world,
        stage.clock,
        stage.directory,
        random.Random(f"{stage.seed}/bot again"),
        account_locks=stage.account_locks,
        exchange=stage.exchange,
    )
    stage.exchange.before = stage.exchange.after = _dying(crash)
    try:
        result = bot.recover()
        turn.status = result.status.value
        turn.error = result.problem
        # Who may write can repair a journal, and then knows more than who only reads.
        turn.known = bot.live.restored
        if result.sync_result is not None:
            turn.plan = result.sync_result.plan
            turn.outcomes = result.sync_result.outcomes
            turn.after = bot.live.snapshot()
    finally:
        stage.exchange.before = stage.exchange.after = _nothing
        bot.close()


class _Operators:
    """One operator, or two who do not know of each other, at one turn."""

    def __init__(self, stage: Stage, incident: Incident, turn: Turn, crash: Crash, *, calm: bool, rough: bool) -> None:
        self._stage = stage
        self._incident = incident
        self._turn = turn
        self._crash = crash
        self._calm = calm
        self._rough = rough
        self._rng = stage.rng

    def recover(self) -> None:
        """Compare, decide, execute. Raises what the product raises, and Crashed."""
        stage, turn = self._stage, self._turn
        with StoreView(stage.directory, clock=stage.clock) as view:
            desk = OperatorRecovery(
                view, stage.exchange, who="operator", clock=stage.clock, account_locks=stage.account_locks
            )
            comparison = desk.compare()
            turn.plan, turn.reading = comparison.plan, stage.exchange.reading
            turn.ids = (comparison.plan.id, desk.compare().plan.id)
            decisions = decide(comparison.plan, turn.mode, self._rng)
            turn.decisions = {decision.order_key: decision.action for decision in decisions}
            if not self._calm and self._rng.random() < 0.4:
                stage.clock.sleep(2)
                stage.others_act()
                stage.meddle(turn.decisions)
            # Who finds the store locked waits a real second for it, so that this cannot happen often.
            intruder = not self._calm and self._rng.random() < 0.01
            latecomer = not self._calm and self._rng.random() < 0.25
            stage.exchange.rough = self._rough
            stage.exchange.before = stage.exchange.after = _dying(self._crash)
            if intruder:
                self._intrude(view, comparison, decisions)
            stops = self._rng.randint(0, 3) if not self._calm and self._rng.random() < 0.1 else None
            report = self._execute(desk, comparison, decisions, stopped=_after(stops))
            note_report(turn, report)
            stage.exchange.before = stage.exchange.after = _nothing
            if latecomer:
                self._arrive_late(view, comparison, decisions, saved=report.saved is not None)

    def _intrude(self, view: StoreView, comparison: Comparison, decisions: list[Decision]) -> None:
        """The second one presses the same button while the first one's batch runs."""
        stage, dying = self._stage, _dying(self._crash)
        tried: list[str] = []

        def before(name: str) -> None:
            dying(name)
            if not tried:
                tried.append(name)
                desk = self._second_operator(view)
                with contextlib.suppress(StoreLocked):
                    self._execute(desk, comparison, decisions)
                    self._turn.error = "a second operator could execute while the first one did"

        stage.exchange.before = before

    def _execute(
        self,
        desk: OperatorRecovery,
        comparison: Comparison,
        decisions: list[Decision],
        stopped: Callable[[], bool] = lambda: False,
    ) -> RecoveryReport:
        """These operators know that it is the right account: a forgetful exchange looks like another one."""
        return desk.execute(comparison, decisions, plan_id=comparison.plan.id, stopped=stopped, account_confirmed=True)

    def _second_operator(self, view: StoreView) -> OperatorRecovery:
        stage = self._stage
        return OperatorRecovery(
            view, stage.exchange, who="second operator", clock=stage.clock, account_locks=stage.account_locks
        )

    def _arrive_late(self, view: StoreView, comparison: Comparison, decisions: list[Decision], *, saved: bool) -> None:
        """The second one approves what the first one has done already."""
        desk = self._second_operator(view)
        try:
            note_report(self._turn, self._execute(desk, comparison, decisions))
        except PlanChanged:
            return
        if saved:
            self._turn.error = "a plan could be executed a second time"


def _after(orders: int | None) -> Callable[[], bool]:
    """Whether to stop, asked before each order: after so many of them, or never."""
    asked = 0

    def stopped() -> bool:
        nonlocal asked
        asked += 1
        return orders is not None and asked > orders

    return stopped


def _resume(stage: Stage, incident: Incident, crashed: Turn) -> None:
    """The desk is opened again after it died in mid-batch."""
    turn = begin_turn(stage, incident, f"{crashed.mode}, resumed")
    turn.decisions, turn.shown = crashed.decisions, crashed.known
    try:
        with StoreView(stage.directory, clock=stage.clock) as view:
            desk = OperatorRecovery(
                view, stage.exchange, who="operator", clock=stage.clock, account_locks=stage.account_locks
            )
            interrupted = desk.interrupted()
            if interrupted is None:
                return
            turn.plan, turn.reading = interrupted.plan, crashed.reading
            note_report(turn, desk.resume(interrupted))
            turn.final = stage.exchange.reading
    except CrashdeskError as error:
        turn.error = f"{type(error).__name__}: {error}"


def note_report(turn: Turn, report: RecoveryReport) -> None:
    """Keep what a report tells."""
    turn.outcomes = report.execution.outcomes
    turn.after = report.state
    turn.status = "saved" if report.saved is not None else report.problem


def decide(plan: Plan, mode: str, rng: random.Random) -> list[Decision]:
    """What an operator of that temper decides on the orphans of a plan."""
    chosen: list[tuple[str, Action]] = []
    for verdict in plan.orphans:
        if mode == APPROVE and verdict.preselected:
            chosen.append((verdict.key, Action.CANCEL))
        elif mode == RANDOM:
            action = rng.choice([Action.CANCEL, Action.CANCEL, Action.CANCEL, Action.ADOPT, Action.LEAVE, None])
            if action is not None:
                chosen.append((verdict.key, action))
    return [Decision(order_key=key, action=action, who="operator") for key, action in chosen]
