"""A state machine that lets a bot's store live through a random history."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from plain_store import Plain, Single, content, plain_account, plain_order, plain_position
from strategies import HOUR, ManualClock

from crashdesk import LiveState, RecoveryConfig, RecoveryManager, RecoveryResult, RecoveryStatus
from crashdesk.inspection import StoreView
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.names import CheckpointInfo, parse_name
from crashdesk.storage.store import StateStore
from crashdesk.storage.writer import open_journal

MILLISECOND = 1_000_000
JOURNAL_FILES = ("journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm")
singles = st.tuples(
    st.sampled_from(["put order", "remove order", "put position", "remove position", "account", "strategy"]),
    st.integers(0, 2),
)
several = st.lists(st.tuples(singles, st.booleans()), min_size=1, max_size=6)
"""Changes, one by one, each with whether it is waited for."""
ranks = st.sampled_from([0, 0, 0, 1, 1, 2, 4])
"""Which checkpoint, counted from the newest."""
hours_passed = st.sampled_from([0, 0, -1, 2, 30])
places = st.floats(0, 1, exclude_max=True)


class StoreHistory(RuleBasedStateMachine):
    """One bot and its store through crashes, rot and restarts; `log` holds every state that the bot was in."""

    root: Path

    def __init__(self) -> None:
        super().__init__()
        self.directory = self.root / (f"{time.monotonic_ns()}-0")
        self.clock = ManualClock()
        self.live = LiveState(clock=self.clock)
        self.manager: RecoveryManager | None = None
        self.moves = 0
        self.number = 0
        self.log = [Plain()]
        # What must come back at least: everything up to this index of the log was acknowledged.
        self.safe = 0
        self.intents: set[str] = set()
        self.present: set[str] = set()
        self.saved: dict[str, int] = {}
        self.rotten: set[str] = set()
        self.pinned: set[str] = set()
        self.highest_seq = 0
        self.commits = 0
        self.before_last_commit: tuple[int, set[str]] = (0, set())
        self.after_last_commit: tuple[int, set[str]] = (0, set())
        # What must not be lost without a word.
        self.said_from, self.intents_said = self.after_last_commit
        self.doubted = False
        self.journal_hurt = False
        self.journal_ever_hurt = False
        self.two_checkpoints_ever = False

    # What a bot does

    @rule(changes=several)
    def change(self, changes: list[tuple[Single, bool]]) -> None:
        for single, wait in changes:
            self._tick()
            self._apply(single, wait=wait)
            self._advance([single], wait=wait)

    @rule(group=st.lists(singles, min_size=2, max_size=4), wait=st.booleans())
    def change_together(self, group: list[Single], wait: bool) -> None:
        self._tick()
        with self.live.together(wait=wait):
            for offset, single in enumerate(group, start=1):
                self._apply(single, number=self.number + offset)
        self._advance(group, wait=wait)

    @rule()
    def intend(self) -> None:
        self._tick()
        self.number += 1
        name = f"i{self.number}"
        self._running.intend_order(symbol="X", client_order_id=name, side="buy", order_type="limit", quantity=1)
        self.intents.add(name)
        self.safe = len(self.log) - 1

    @rule()
    def flush(self) -> None:
        before = self._running.get_stats().journal
        if before.pending:
            self._running.checkpoint_on_trade()
            end = time.monotonic() + 30
            while self._running.get_stats().journal.commits == before.commits:
                assert time.monotonic() < end, "the journal's thread does not commit"
                time.sleep(0.0005)
            self.safe = len(self.log) - 1

    @rule(hours=hours_passed)
    def checkpoint(self, hours: int) -> None:
        self._tick(hours)
        self._running.checkpoint()
        self.safe = len(self.log) - 1

    # What happens to it

    @precondition(lambda self: self.present)
    @rule(rank=ranks, where=places)
    def rot(self, rank: int, where: float) -> None:
        """Damage one checkpoint, as far as the promise holds: while at most one of the newest two is rotten."""
        names = sorted(self.present, reverse=True)
        name = names[min(rank, len(names) - 1)]
        rotten = self.rotten | {name}
        # A first checkpoint that is alone has the whole journal behind it.
        alone = len(names) == 1 and (self.two_checkpoints_ever or self.journal_ever_hurt)
        if name not in self.rotten and not alone and sum(other in rotten for other in names[:2]) < 2:
            flip(self._checkpoints / name, where)
            self.rotten = rotten

    @precondition(lambda self: self.present)
    @rule(rank=ranks, pinned=st.booleans())
    def pin(self, rank: int, pinned: bool) -> None:
        names = sorted(self.present, reverse=True)
        name = names[min(rank, len(names) - 1)]
        parsed = parse_name(name)
        assert parsed is not None
        info = CheckpointInfo(seq=parsed[0], timestamp=parsed[1], directory=self._checkpoints)
        with StateStore(self.directory) as other:
            other.set_pinned(info, pinned)
        (self.pinned.add if pinned else self.pinned.discard)(name)

    @rule(
        changes=several,
        end=st.sampled_from(["close", "crash", "crash", "crash, log folded"]),
        rotten=st.none() | st.tuples(ranks, places),
        journal=st.sampled_from([None, None, None, "flip", "flip", "flip log", "cut", "delete", "delete all"]),
        history=st.sampled_from([None, None, "flip", "delete"]),
        where=places,
        hours=hours_passed,
        most=st.integers(1, 3),
        oldest=st.sampled_from([1, 24]),
    )
    def restart(
        self,
        changes: list[tuple[Single, bool]],
        end: str,
        rotten: tuple[int, float] | None,
        journal: str | None,
        history: str | None,
        where: float,
        hours: int,
        most: int,
        oldest: int,
    ) -> None:
        """Some changes, the end of the process, damage to what it left behind, and the next start."""
        self.change(changes)
        self._note_commits()
        self._tick(hours)
        if end == "close":
            self._running.close()
            self.safe = len(self.log) - 1
            self.checkpoints_are_kept_as_promised()
        else:
            self._crash(log_folded=end == "crash, log folded")
        if rotten is not None and self.present:
            self.rot(*rotten)
        # Without a valid checkpoint a damaged journal is the end of it.
        if journal is not None and self.present - self.rotten:
            self._damage_journal(journal, where)
        if history is not None:
            damage(self.directory / "history.sqlite", history, where)
        self._start(most, oldest)

    @initialize(checkpoints=st.integers(0, 3))
    def first_start(self, checkpoints: int) -> None:
        self._start(3, 24)
        for slot in range(checkpoints):
            self.change([(("put order", slot), False)])
            self.checkpoint(0)
            self.checkpoints_are_kept_as_promised()

    def _start(self, most: int, oldest: int) -> None:
        self.live = LiveState(clock=self.clock)
        config = RecoveryConfig(checkpoint_dir=self.directory, max_checkpoints=most, max_checkpoint_age_hours=oldest)
        self.manager = RecoveryManager(self.live, config, clock=self.clock)
        self.commits = -1
        self._check_recovery(self.manager.recover())

    def _crash(self, *, log_folded: bool) -> None:
        # What a crashed process leaves behind is a copy of its files; nothing writes at this moment.
        self.moves += 1
        copy = self.directory.with_name(f"{self.directory.name.rpartition('-')[0]}-{self.moves}")
        shutil.copytree(self.directory, copy)
        left, self.directory = self.directory, copy
        self._running.close()
        shutil.rmtree(left)
        if log_folded:  # it died in its orderly close
            journal, _ = open_journal(self.directory, self.clock, LocalFiles(), expected=True)
            journal.close()
            assert not (self.directory / JOURNAL_FILES[1]).exists()

    def _damage_journal(self, how: str, where: float) -> None:
        log = self.directory / JOURNAL_FILES[1]
        if how == "delete all":
            for name in JOURNAL_FILES:
                (self.directory / name).unlink(missing_ok=True)
        elif how == "flip log":
            if not log.exists():
                return
            flip(log, where)
            # Whether the last commit was ever complete, no log can tell.
            self.said_from, self.intents_said = self.before_last_commit
        else:
            damage(self._journal, how, where)
        self.journal_hurt = self.journal_ever_hurt = True

    # What must hold

    def _check_recovery(self, result: RecoveryResult) -> None:
        found = content(self.live.snapshot())
        indices = [index for index, state in enumerate(self.log) if state.content() == found]
        assert indices, "the bot was never in the state that was restored"
        index = indices[-1]
        valid = sorted(self.present - self.rotten)
        beginning = set() if index or valid else {RecoveryStatus.NO_CHECKPOINT}
        assert result.status in {RecoveryStatus.SUCCESS} | beginning
        passed_over = {name for name in self.rotten & self.present if not valid or name > valid[-1]}
        assert {item.info.name for item in result.skipped} == (passed_over if valid else set())
        with StoreView(self.directory) as view:
            intents = {intent.client_order_id for intent in view.journal_view().intents}
        if self.journal_hurt:
            # The newest valid checkpoint at least, and never a silent loss.
            assert index >= max((self.saved[name] for name in valid), default=0)
            if index < self.said_from or not self.intents_said <= intents:
                assert result.journal_problem
            self.intents &= intents
            self.doubted = self.doubted or bool(result.journal_problem)
        else:
            assert index >= self.safe
            assert self.intents <= intents
            # What was in doubt once is said at every start: nobody settles it here.
            assert bool(result.journal_problem) == self.doubted
        del self.log[index + 1 :]
        self.journal_hurt = False
        self.safe = index
        self.before_last_commit = self.after_last_commit = (index, set(self.intents))

    @invariant()
    def checkpoints_are_kept_as_promised(self) -> None:
        if not self._checkpoints.is_dir():
            return
        now = {path.name for path in self._checkpoints.glob("*.zqck")}
        aside = {path.name for path in (self.directory / "corrupt").glob("*.zqck")}
        valid = now - self.rotten
        for name in self.present - now:
            if name in self.rotten and name in aside:
                continue
            assert name not in self.pinned, "a pinned checkpoint was deleted"
            assert sum(other > name for other in valid) >= 2, "one of the newest two valid checkpoints was deleted"
        for name in sorted(now - self.present):
            parsed = parse_name(name)
            assert parsed is not None
            assert parsed[0] > self.highest_seq, "a sequence number was used again"
            self.highest_seq = parsed[0]
            self.saved[name] = len(self.log) - 1
        self.present = now
        self._note_commits()
        self.two_checkpoints_ever |= len(now) > 1

    def teardown(self) -> None:
        if self.manager is not None:
            self.manager.close()
        shutil.rmtree(self.directory)

    def _note_commits(self) -> None:
        commits = self._running.get_stats().journal.commits
        if commits != self.commits:
            self.before_last_commit, self.after_last_commit = self.after_last_commit, (self.safe, set(self.intents))
            self.commits = commits
        self.said_from, self.intents_said = self.safe, set(self.intents)

    @property
    def _running(self) -> RecoveryManager:
        assert self.manager is not None
        return self.manager

    @property
    def _journal(self) -> Path:
        return self.directory / JOURNAL_FILES[0]

    @property
    def _checkpoints(self) -> Path:
        return self.directory / "checkpoints"

    def _tick(self, hours: int = 0) -> None:
        self.clock.now += MILLISECOND + hours * HOUR

    def _apply(self, single: Single, *, number: int | None = None, wait: bool = False) -> None:
        (kind, slot), number = single, self.number + 1 if number is None else number
        match kind:
            case "put order":
                self.live.put_order(plain_order(slot, number), wait=wait)
            case "remove order":
                self.live.remove_order(f"o{slot}", wait=wait)
            case "put position":
                self.live.put_position(plain_position(slot, number), wait=wait)
            case "remove position":
                self.live.remove_position(f"p{slot}", wait=wait)
            case "account":
                self.live.set_account(plain_account(number), wait=wait)
            case "strategy":
                self.live.set_strategy(f"s{slot}", b"%d" % number, wait=wait)

    def _advance(self, group: Sequence[Single], *, wait: bool) -> None:
        state = self.log[-1]
        for single in group:
            self.number += 1
            state = state.after(single, self.number)
        # Removing what is not there is no change, and there is nothing to wait for.
        if state != self.log[-1]:
            self.log.append(state)
            if wait:
                self.safe = len(self.log) - 1


def damage(path: Path, how: str, where: float) -> None:
    """Flip a bit of a file, cut it off or delete it; one that is not there stays so."""
    if not path.exists():
        return
    if how == "flip":
        flip(path, where)
    elif how == "cut":
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * where)])
    else:
        path.unlink()


def flip(path: Path, where: float) -> None:
    """Turn one bit of a file, in a byte that is not zero: most of a database is empty space."""
    data = bytearray(path.read_bytes())
    full = [position for position, value in enumerate(data) if value]
    if full:
        data[full[int(len(full) * where)]] ^= 0x10
        path.write_bytes(data)
