"""One simulated incident: a bot trades, dies, the world goes on, its store may rot; then it is recovered, several times over."""

from __future__ import annotations

import contextlib
import random
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import msgspec

from crashdesk.audit import AuditEntry
from crashdesk.config import StoreManifest
from crashdesk.demo.simulation_bot import Character, Crash, Crashed, SimulatedBot
from crashdesk.demo.simulation_exchange import LedgerExchange, Reading, Weather
from crashdesk.demo.simulation_world import (
    BOT,
    EXCHANGE,
    MANUAL,
    OTHER_BOT,
    SECOND,
    Habits,
    SimulatedClock,
    World,
    key_of,
)
from crashdesk.errors import CrashdeskError, StoreCorrupted
from crashdesk.exchange.records import ScopeKind, ScopeStatus
from crashdesk.inspection import StoreView
from crashdesk.reconcile.records import Action, Outcome, Plan
from crashdesk.state import SystemState
from crashdesk.verification import verify_store

_SKEWS_S = (0, 0, 0.2, -3, 40, -40)
_DOWN_S = (0.5, 4, 60, 3_600, 200_000)
_JOURNAL = "journal.sqlite"
LOG_MISSING = "journal log missing"


@dataclass
class Turn:
    """One attempt to recover, with what was known before it and what was true."""

    mode: str
    known: SystemState | None = None
    # What the plan was made from, where the store knew less then than when the turn began.
    shown: SystemState | None = None
    before: str = ""
    intents: dict[tuple[str, str], int] = field(default_factory=dict)
    dismissed: dict[str, int] = field(default_factory=dict)
    plan: Plan | None = None
    ids: tuple[str, ...] = ()
    reading: Reading | None = None
    final: Reading | None = None
    decisions: dict[str, Action] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()
    after: SystemState | None = None
    status: str = ""
    error: str = ""
    crashed: str = ""
    gaps: dict[ScopeKind, ScopeStatus] = field(default_factory=dict)
    repaired: bool = False
    calm: bool = False
    again: bool = False

    @property
    def operator(self) -> bool:
        """Whether somebody decides."""
        return self.mode != "unattended"


@dataclass
class Incident:
    """Everything that happened, for the invariants to judge."""

    seed: int
    character: Character
    skew_ns: int
    exchange: LedgerExchange
    world: World
    acknowledged: SystemState
    intended: frozenset[str]
    crash: str = ""
    damage: str = "none"
    spoilt: str = ""
    turns: list[Turn] = field(default_factory=list)
    audit: list[AuditEntry] = field(default_factory=list)
    findings: tuple[str, ...] = ()

    @property
    def journal_damaged(self) -> bool:
        """Whether what the journal knew may be gone."""
        return "journal" in self.damage


class Stage:
    """Where an incident plays: its world, its store, and the others on the account."""

    def __init__(self, seed: int, root: Path) -> None:
        self.seed = seed
        self.rng = random.Random(f"{seed}/incident")
        self.world = World(seed)
        self.skew_ns = int(self.rng.choice(_SKEWS_S) * SECOND)
        self.clock = SimulatedClock(self.world, self.skew_ns)
        self.exchange = LedgerExchange(self.world, self.clock, seed, self.skew_ns)
        self._root = root
        self._moves = 0
        self.directory = root / "0"
        self.other_prefix = self.rng.choice(["hedge-", "grid-b-", "gri-"])
        self.character = self._character()

    def _character(self) -> Character:
        rng = self.rng
        exclusive = rng.random() < 0.15
        prefix = "grid-" if rng.random() < 0.8 else ""
        # What extends the bot's own prefix can be told apart only where it is declared.
        declared = self.other_prefix == "grid-b-" or rng.random() < 0.5
        return Character(
            manifest=StoreManifest(
                bot="simulated",
                exchange="binanceusdm",
                account="main",
                client_order_id_prefix=prefix,
                exclusive_account=exclusive,
                other_prefixes=(self.other_prefix,) if declared else (),
            ),
            prefix=prefix,
            intends=rng.random() < 0.75,
            cancels_orphans=rng.random() < 0.9,
            max_checkpoints=rng.choice([1, 2, 5]),
        )

    def others_act(self) -> None:
        """What happens on the account and its markets without the bot."""
        for _ in range(self.rng.choice([0, 1, 1, 2, 3])):
            getattr(
                self, "_" + self.rng.choice(["move"] * 5 + ["manual"] * 2 + ["bot", "cancel", "amend", "liquidate"])
            )()

    def meddle(self, keys: Collection[str]) -> None:
        """One of these orders changes or ends behind everybody's back."""
        resting = [order for order in self.world.open_orders() if key_of(order) in keys]
        if not resting:
            return
        order = self.rng.choice(resting)
        match self.rng.choice(["amend", "cancel", "fill", "fill"]):
            case "amend":
                self.world.amend(order, factor=Decimal("0.5"))
            case "cancel":
                self.world.cancel(order, MANUAL)
            case _:
                self.world.reach(order)

    @property
    def account_locks(self) -> Path:
        """Where those who use the account tell each other: among themselves, whatever else runs on the machine."""
        return self._root / "account-locks"

    def next_directory(self) -> Path:
        """A place for what a crash leaves behind."""
        self._moves += 1
        return self._root / str(self._moves)

    def took_over(self, remains: Path) -> None:
        """Go on with what a crash left behind."""
        shutil.rmtree(self.directory)
        self.directory = remains

    @contextlib.contextmanager
    def view(self) -> Iterator[StoreView]:
        """The store, for reading."""
        with StoreView(self.directory, clock=self.clock) as view:
            yield view

    def _move(self) -> None:
        self.world.move()

    def _manual(self) -> None:
        if not self.character.manifest.exclusive_account:
            self.world.place(self.world.wish(Habits(who=MANUAL, prefix="web_"), self.rng))

    def _bot(self) -> None:
        if not self.character.manifest.exclusive_account:
            self.world.place(self.world.wish(Habits(who=OTHER_BOT, prefix=self.other_prefix), self.rng))

    def _cancel(self) -> None:
        resting = self.world.open_orders()
        if resting:
            self.world.cancel(self.rng.choice(resting), self.rng.choice([MANUAL, EXCHANGE]))

    def _amend(self) -> None:
        resting = self.world.open_orders()
        if resting:
            self.world.amend(self.rng.choice(resting), factor=Decimal(self.rng.choice(["0.5", "2"])))

    def _liquidate(self) -> None:
        if self.rng.random() < 0.2:
            self.world.liquidate()


def until_the_crash(stage: Stage) -> Incident:
    """The bot's life, its end, what the world did afterwards, and what happened to the store."""
    rng = stage.rng
    for _ in range(rng.randint(0, 3)):
        stage.others_act()
    bot = SimulatedBot(
        stage.character,
        stage.world,
        stage.clock,
        stage.directory,
        random.Random(f"{stage.seed}/bot"),
        account_locks=stage.account_locks,
        meanwhile=stage.others_act,
    )
    remains = stage.next_directory()
    crash = Crash(stage.directory, remains, rng.randint(0, 40))
    try:
        bot.recover()
        with contextlib.suppress(Crashed):
            bot.work(rng.randint(4, 16), crash)
    finally:
        bot.close()
    stage.took_over(remains)
    incident = Incident(
        seed=stage.seed,
        character=stage.character,
        skew_ns=stage.skew_ns,
        exchange=stage.exchange,
        world=stage.world,
        acknowledged=bot.acknowledged,
        intended=frozenset(bot.intended),
        crash=crash.place,
    )
    down_s = rng.choice(_DOWN_S)
    for _ in range(rng.randint(0, 4)):
        stage.clock.sleep(down_s / 4)
        stage.others_act()
    stage.clock.sleep(down_s / 4)
    incident.damage, incident.spoilt = _damage(stage)
    return incident


def weather(stage: Stage) -> Weather:
    """What can be asked of the exchange during one turn."""
    rng = stage.rng
    gaps = {}
    for kind in ScopeKind:
        if rng.random() < 0.08:
            gaps[kind] = rng.choice([ScopeStatus.FAILED, ScopeStatus.FAILED, ScopeStatus.TRUNCATED])
    if rng.random() < 0.05:
        gaps[ScopeKind.CONDITIONAL_ORDERS] = ScopeStatus.NOT_SUPPORTED
    usual = calm_weather(stage)
    return msgspec.structs.replace(
        usual,
        gaps=gaps,
        per_symbol=rng.random() < 0.15,
        deaf=rng.choice([0.0, 0.0, 0.0, 0.3, 1.0]),
        repeats=rng.random() < 0.2,
        clock_told=rng.random() < 0.85,
    )


def calm_weather(stage: Stage) -> Weather:
    """Everything can be read; what an exchange never tells stays untold."""
    habits = random.Random(f"{stage.seed}/exchange")
    return Weather(
        forgetful=habits.random() < 0.15,
        client_ids=habits.choice(["all"] * 8 + ["not of manual orders"] * 3 + ["none"]),
    )


def begin_turn(stage: Stage, incident: Incident, mode: str) -> Turn:
    """Note what the store knows before a turn."""
    turn = Turn(mode=mode, gaps=stage.exchange.weather.gaps)
    stage.exchange.turn = len(incident.turns)
    incident.turns.append(turn)
    with stage.view() as view:
        try:
            last = view.latest()
        except StoreCorrupted as error:
            turn.before = str(error)
            last = None
        if last is not None:
            turn.known, turn.before = last.state, last.problem
        journal = view.journal_view()
    turn.intents = {(intent.symbol, intent.client_order_id): intent.at for intent in reversed(journal.intents)}
    # In the exchange's time, as the amendments are that make a dismissal void.
    turn.dismissed = {item.order_key: item.at + stage.skew_ns for item in journal.dismissals}
    turn.before = turn.before or journal.problem
    return turn


def look_back(stage: Stage, incident: Incident) -> None:
    """Read what the incident left in the store."""
    with stage.view() as view:
        with contextlib.suppress(CrashdeskError):
            incident.audit = view.audit_entries()
        found = verify_store(view)
    incident.findings = tuple(
        f"{finding.subject}: {finding.text}" for finding in found.findings if finding.severity.value == "problem"
    )


def _damage(stage: Stage) -> tuple[str, str]:
    """What was done to the store, and the name of the checkpoint that was spoilt."""
    rng = stage.rng
    kind = rng.choice(
        ["none"] * 8
        + ["newest checkpoint", "newest checkpoint", "journal missing", "journal flipped", "journal cut"]
        + [LOG_MISSING, "history", "journal missing and newest checkpoint"]
    )
    files = sorted((stage.directory / "checkpoints").glob("*.zqck"))
    spoilt = ""
    if "newest checkpoint" in kind and files:
        spoilt = files[-1].name
        _spoil(files[-1], rng)
    journal = stage.directory / _JOURNAL
    if "missing" in kind:
        for name in ("-wal", "-shm") if "log" in kind else ("", "-wal", "-shm"):
            journal.with_name(_JOURNAL + name).unlink(missing_ok=True)
    elif kind == "journal flipped" and journal.exists():
        _flip(journal, rng, spare=100)
    elif kind == "journal cut" and journal.exists():
        journal.write_bytes(journal.read_bytes()[: int(journal.stat().st_size * rng.random())])
    elif kind == "history":
        (stage.directory / "history.sqlite").write_bytes(b"no history")
    return kind, spoilt


def _spoil(path: Path, rng: random.Random) -> None:
    match rng.choice(["flip", "cut", "zeros"]):
        case "flip":
            _flip(path, rng)
        case "cut":
            path.write_bytes(path.read_bytes()[: rng.randrange(path.stat().st_size)])
        case _:
            path.write_bytes(bytes(path.stat().st_size))


def _flip(path: Path, rng: random.Random, *, spare: int = 0) -> None:
    """Turn one bit, in a byte that is not zero: most of a database is empty space."""
    data = bytearray(path.read_bytes())
    full = [place for place, value in enumerate(data) if value and place >= spare]
    if full:
        data[rng.choice(full)] ^= 0x10
        path.write_bytes(data)


def describe(incident: Incident) -> str:
    """What happened, in one line."""
    turns = ", ".join(turn.mode + ("" if not turn.crashed else f" (crashed {turn.crashed})") for turn in incident.turns)
    owners = [order.request.placed_by for order in incident.world.open_orders()]
    return (
        f"seed {incident.seed}: died {incident.crash or 'at work'}; damage: {incident.damage}; turns: {turns}; "
        f"{len(incident.exchange.requests)} cancel requests; {owners.count(BOT)} of {len(owners)} open orders are the bot's"
    )
