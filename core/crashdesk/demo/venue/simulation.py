"""Exchange time, the price paths and the ledger together. Not thread-safe: its owner serialises the calls."""

import time
from collections.abc import Callable, Sequence
from decimal import Decimal

from crashdesk.demo.venue.book import Book
from crashdesk.demo.venue.ledger import BINANCE_RULES, Ledger, VenueRules
from crashdesk.demo.venue.margin import margin_of, open_positions
from crashdesk.demo.venue.market import STEP_SECONDS, PricePath
from crashdesk.demo.venue.records import LedgerPosition, LedgerReport, Namespace, VenueError

NANOSECONDS = 1_000_000_000
_STEP_NS = STEP_SECONDS * NANOSECONDS


class Simulation:
    """A market whose time stands still until it is told to move, or follows the wall clock once it is told to."""

    def __init__(
        self,
        accounts: Sequence[str],
        *,
        seed: int,
        start_ns: int,
        hedge_mode: bool,
        starting_balance: Decimal,
        wall_ns: Callable[[], int] = time.monotonic_ns,
        rules: VenueRules = BINANCE_RULES,
    ) -> None:
        self._now_ns = start_ns
        self._next_step_ns = start_ns + _STEP_NS
        self._wall_ns = wall_ns
        self._wall_offset_ns: int | None = None
        self._paths = {spec.symbol: PricePath(spec, seed) for spec in rules.markets}
        self.ledger = Ledger(
            accounts,
            seed=seed,
            hedge_mode=hedge_mode,
            starting_balance=starting_balance,
            at_ms=start_ns // 1_000_000,
            rules=rules,
        )
        self._switches: dict[tuple[str, str], tuple[int, str]] = {}

    def now_ns(self) -> int:
        """Exchange time, UNIX nanoseconds; brings prices and fills up to it."""
        if self._wall_offset_ns is not None:
            self._run_until(self._wall_ns() + self._wall_offset_ns)
        return self._now_ns

    def now_ms(self) -> int:
        """Exchange time, UNIX milliseconds, as the exchange states it."""
        return self.now_ns() // 1_000_000

    def advance(self, seconds: float) -> int:
        """Move exchange time on, with all that happens on the way; return the new time in nanoseconds."""
        if seconds < 0:
            raise VenueError(f"Exchange time only moves forward; asked to move by {seconds} s.")
        delta_ns = round(seconds * NANOSECONDS)
        target_ns = self.now_ns() + delta_ns
        if self._wall_offset_ns is not None:
            self._wall_offset_ns += delta_ns
        self._run_until(target_ns)
        return self._now_ns

    def follow_real_time(self) -> None:
        """From now on exchange time runs with the wall clock."""
        if self._wall_offset_ns is None:
            self._wall_offset_ns = self._now_ns - self._wall_ns()

    def book(self, symbol: str) -> Book:
        """The book of a unified symbol. Raises VenueError when it is not traded here."""
        try:
            return self.ledger.books[symbol]
        except KeyError:
            known = ", ".join(self.ledger.books)
            raise VenueError(f"{symbol!r} is not traded on the embedded exchange. It trades: {known}.") from None

    def push_price(self, symbol: str, price: Decimal) -> None:
        """Move a market through every level to `price` (rounded to its tick), filling all that it crosses."""
        self.book(symbol)
        if not price > 0:
            raise VenueError(f"A price must be positive; asked to push {symbol} to {price}.")
        at_ms = self.now_ms()
        reached = self._paths[symbol].jump(price)
        self.ledger.move_price(symbol, reached, at_ms, in_full=True)

    def cancel_all_after(self, account_name: str, milliseconds: int, by: str, symbol: str = "") -> None:
        """Arm a dead man's switch of the account, 0 disarms it: once it fires orders are cancelled in the name of `by`.

        There is one for all of the account's orders and one for those of each symbol, a unified one.
        """
        switch = (account_name, symbol)
        if milliseconds:
            self._switches[switch] = (self._now_ns + milliseconds * 1_000_000, by)
        else:
            self._switches.pop(switch, None)

    def report(self, account_name: str) -> LedgerReport:
        """The truth about one account. Raises VenueError when there is no such account."""
        account = self.ledger.account(account_name)
        now_ns = self.now_ns()
        margin = margin_of(account, self.ledger.books)
        still_open = [account.shelves[namespace].open.values() for namespace in Namespace]
        return LedgerReport(
            account=account.name,
            now_ns=now_ns,
            hedge_mode=account.hedge_mode,
            starting_balance=account.starting_balance,
            balance=account.balance,
            equity=margin.equity,
            available=margin.available,
            margin_used=margin.used,
            unrealized_pnl=margin.unrealized_pnl,
            realized_pnl=account.realized_pnl,
            fees_paid=account.fees_paid,
            fill_count=len(account.trades),
            orders=(*(order.record() for orders in still_open for order in orders), *account.ended),
            positions=tuple(
                LedgerPosition(
                    symbol=position.symbol,
                    side="long" if position.quantity > 0 else "short",
                    position_side=position.position_side,
                    quantity=abs(position.quantity),
                    entry_price=position.entry_price,
                    mark_price=self.ledger.books[position.symbol].last,
                    unrealized_pnl=position.unrealized_pnl(self.ledger.books[position.symbol].last),
                    opened_at=position.opened_ms * 1_000_000,
                    updated_at=position.updated_ms * 1_000_000,
                    contract_size=self.ledger.books[position.symbol].spec.contract_size,
                )
                for position in open_positions(account)
            ),
        )

    def _run_until(self, target_ns: int) -> None:
        while self._next_step_ns <= target_ns:
            self._throw_switches(self._next_step_ns)
            self._now_ns = self._next_step_ns
            at_ms = self._now_ns // 1_000_000
            for symbol, path in self._paths.items():
                self.ledger.move_price(symbol, path.step(), at_ms)
            self._next_step_ns += _STEP_NS
        self._throw_switches(target_ns)
        self._now_ns = max(self._now_ns, target_ns)

    def _throw_switches(self, until_ns: int) -> None:
        for switch, (deadline_ns, by) in tuple(self._switches.items()):
            if deadline_ns <= until_ns:
                del self._switches[switch]
                name, symbol = switch
                self.ledger.cancel_all(self.ledger.account(name), by, deadline_ns // 1_000_000, symbol)
