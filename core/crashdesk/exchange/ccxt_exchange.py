"""The Exchange protocol on the synchronous ccxt client."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from crashdesk.clock import Clock
from crashdesk.config import AccountMode
from crashdesk.errors import ExchangeError, ExchangeUnsupported
from crashdesk.exchange.cancel_after import CancelAllAfter
from crashdesk.exchange.ccxt_account import parse_account
from crashdesk.exchange.ccxt_answers import Listing, listed
from crashdesk.exchange.ccxt_balances import spot_positions
from crashdesk.exchange.ccxt_cancel_after import arm_cancel_all_after
from crashdesk.exchange.ccxt_cancel_kinds import cancel_params
from crashdesk.exchange.ccxt_facts import AMOUNTS_ARE_UNITS
from crashdesk.exchange.ccxt_liquidations import read_liquidations
from crashdesk.exchange.ccxt_lookup import OrderReader
from crashdesk.exchange.ccxt_outcomes import (
    Departure,
    classify_cancel_answer,
    classify_cancel_error,
)
from crashdesk.exchange.ccxt_parse import Unreadable, parse_market
from crashdesk.exchange.ccxt_prices import read_prices
from crashdesk.exchange.ccxt_reading import ScopeReader
from crashdesk.exchange.ccxt_scopes import ClientProfile, profile_of
from crashdesk.exchange.ccxt_trades_since import read_trades_since
from crashdesk.exchange.ccxt_trouble import advised, as_exchange_error
from crashdesk.exchange.ccxt_words import words_of
from crashdesk.exchange.ccxt_worker import ClientWorker, Reply, Work
from crashdesk.exchange.connect import ExchangeCredentials, ExchangeSettings, build_client
from crashdesk.exchange.permissions import KeyPermissions, ask_permissions
from crashdesk.exchange.rate_limit import LimitWatch
from crashdesk.exchange.records import (
    AccountReading,
    CancelAnswer,
    CancelStatus,
    Coverage,
    ExchangeAccount,
    LiquidationsReading,
    LookupStatus,
    Market,
    OrderLookup,
    OrderRef,
    OrdersReading,
    PositionsReading,
    Scope,
    ScopeKind,
    ScopeReading,
    ScopeStatus,
    TradesReading,
)
from crashdesk.exchange.redact import LogGuard, Redactor

_MILLISECOND_NS = 1_000_000
_log = logging.getLogger("crashdesk.exchange")


class LateResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a request after its caller had stopped waiting; `text` is redacted."""

    request: str
    text: str
    at: int


class _Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """The exchange's markets, as ccxt has them, and what its client declares."""

    profile: ClientProfile
    markets: Mapping[str, Any]
    precision_mode: int


class CcxtExchange:
    """One account on one of ccxt's exchanges, through a client that one worker thread owns.

    Nothing happens on the network before the first call. `prepare` gets the freshly made client, in the worker's
    thread. Methods may be called from any thread; each request is bounded by the settings' `deadline_s` in wall-clock
    time, and a result that comes later is logged and kept in `late_results`.
    """

    def __init__(
        self,
        settings: ExchangeSettings,
        credentials: ExchangeCredentials,
        *,
        clock: Clock,
        prepare: Callable[[Any], None] | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._redact = Redactor(credentials.values.values())
        self._guard = LogGuard(self._redact, _log)
        self._guard.raise_up()
        self._late: list[LateResult] = []
        self._loaded: _Loaded | None = None
        self._worker = ClientWorker(
            lambda: build_client(settings, credentials, prepare),
            dispose=lambda client: client.session.close(),
            late=self._keep_late,
            name=f"exchange-{settings.exchange}",
        )

    def __repr__(self) -> str:
        return f"CcxtExchange({self._settings.exchange!r}, account={self._settings.account!r})"

    @property
    def id(self) -> str:
        """The ccxt id."""
        return self._settings.exchange

    @property
    def account_label(self) -> str:
        """How the account is called here."""
        return self._settings.account

    @property
    def mode(self) -> AccountMode:
        """Whether it is the live account or one of the exchange's sandbox."""
        return self._settings.mode

    @property
    def late_results(self) -> tuple[LateResult, ...]:
        """What came too late for its caller, oldest first."""
        return tuple(self._late)

    def connect(self) -> None:
        """Make the client and load the markets now, so that a wrong setting shows at once.

        Raises ExchangeUnsupported, ExchangeRefused or ExchangeUnavailable, each saying what to do.
        """
        self._load()

    def check_credentials(self) -> None:
        """Ask for something that only valid keys may see. Raises what connect() raises."""
        self._fetch_account()

    def close(self) -> None:
        """End the worker and its connections; a second call does nothing."""
        self._worker.close()
        self._guard.take_down()

    def read_open_orders(self, symbols: Collection[str]) -> OrdersReading:
        """All open orders, normal and conditional, scope by scope; failures are in the coverage."""
        try:
            loaded = self._load()
        except ExchangeError as error:
            kinds = (ScopeKind.ORDERS, ScopeKind.CONDITIONAL_ORDERS)
            return OrdersReading(orders=(), coverage=self._unread(error, *kinds))
        return self._reader(loaded).open_orders(symbols)

    def read_positions(self, symbols: Collection[str]) -> PositionsReading:
        """All positions that are not flat; on a spot account what is held of the assets that `symbols` trade.

        Failures are in the coverage.
        """
        try:
            loaded = self._load()
        except ExchangeError as error:
            return PositionsReading(positions=(), coverage=self._unread(error, ScopeKind.POSITIONS))
        if self._settings.market_type != "spot":
            return self._reader(loaded).positions()
        try:
            balance = self._fetch_balance()
        except ExchangeError as error:
            return PositionsReading(positions=(), coverage=self._unread(error, ScopeKind.POSITIONS))
        return spot_positions(balance, symbols, loaded.markets, self._clock.now_ns())

    def read_liquidations(self, symbol: str, since_ns: int) -> LiquidationsReading:
        """The account's liquidations of `symbol` since then; a failure is in its status."""
        try:
            loaded = self._load()
        except ExchangeError as error:
            return LiquidationsReading(symbol=symbol, status=ScopeStatus.FAILED, reason=str(error))
        return read_liquidations(
            loaded.profile,
            self._ask,
            self._redact,
            symbol,
            since_ns,
            self._clock.now_ns(),
            listed=symbol in loaded.markets,
        )

    def read_trades_since(self, symbol: str, since_ns: int) -> TradesReading:
        """The account's trades of `symbol` since then; a failure is in its status."""
        try:
            loaded = self._load()
        except ExchangeError as error:
            return TradesReading(symbol=symbol, status=ScopeStatus.FAILED, reason=str(error))
        return read_trades_since(
            loaded.profile,
            self._ask,
            self._redact,
            symbol,
            since_ns,
            self._clock.now_ns(),
            listed=symbol in loaded.markets,
        )

    def read_account(self) -> AccountReading:
        """The account's money; a failure is in the coverage."""
        try:
            account = self._fetch_account()
        except ExchangeError as error:
            return AccountReading(account=None, coverage=self._unread(error, ScopeKind.ACCOUNT))
        reading = self._reading(ScopeKind.ACCOUNT, ScopeStatus.READ, 1)
        return AccountReading(account=account, coverage=Coverage(readings=(reading,)))

    def read_permissions(self) -> KeyPermissions:
        """What the key may do, as far as the exchange tells; a failure is in its reason."""
        market_type, sandbox = self._settings.market_type, self._settings.sandbox
        reply = self._ask(
            "reading the key's permissions", lambda client: ask_permissions(client, market_type, sandbox=sandbox)
        )
        if reply.error is not None:
            return KeyPermissions(reason=advised(reply.error, self._redact))
        assert isinstance(reply.value, KeyPermissions)
        return reply.value

    def read_order(self, ref: OrderRef) -> OrderLookup:
        """One order, by its id, or by its client order id where the id is not known."""
        try:
            profile = self._load().profile
        except ExchangeError as error:
            return OrderLookup(ref=ref, status=LookupStatus.UNKNOWN, reason=str(error), read_at=self._clock.now_ns())
        watch = LimitWatch(self._ask)
        lookup = OrderReader(profile, watch.ask, self._redact, self._clock).read(ref)
        return msgspec.structs.replace(lookup, retry_after_s=watch.pause_s)

    def cancel_order(self, ref: OrderRef) -> CancelAnswer:
        """Send one cancel request and say what its answer allows to conclude."""
        if not ref.id.strip():
            # On some exchanges the address without an id means every order.
            reason = "nothing was sent: the exchange's id of the order is not known; read the order first"
            return CancelAnswer(status=CancelStatus.NOT_DONE, reason=reason, sent=False)
        try:
            profile = self._load().profile
        except ExchangeError as error:
            return CancelAnswer(
                status=CancelStatus.NOT_DONE, reason=f"nothing was sent: {error}", sent=False, trouble=error.trouble
            )
        watch = LimitWatch(self._ask)
        params = cancel_params(profile, watch.ask, self._redact, ref)
        if isinstance(params, str):
            reason = self._redact(params)
            return CancelAnswer(status=CancelStatus.NOT_DONE, reason=reason, sent=False, retry_after_s=watch.pause_s)
        departure = Departure(
            lambda client: listed(client, lambda: client.cancel_order(ref.id, ref.symbol or None, dict(params)))
        )
        reply = watch.ask(f"cancelling {ref.key}", departure.work)
        if reply.error is not None:
            answer = classify_cancel_error(reply.error, self._redact, prepared=departure.prepared)
            return msgspec.structs.replace(answer, retry_after_s=watch.pause_s)
        return classify_cancel_answer(reply.value.rows, ref, self._redact, reply.value.answer)

    def arm_cancel_all_after(self, seconds: float, symbols: Collection[str]) -> CancelAllAfter:
        """Arm the exchange's dead man's switch, or disarm it with 0 seconds. Raises ExchangeError; see the protocol."""
        profile = self._load().profile
        reply = self._ask(
            "arming the dead man's switch" if seconds else "disarming the dead man's switch",
            lambda client: arm_cancel_all_after(client, profile, seconds, symbols),
        )
        if reply.error is not None:
            raise as_exchange_error(reply.error, "the dead man's switch could not be set", self._redact)
        assert isinstance(reply.value, CancelAllAfter)
        return reply.value

    def describe_market(self, symbol: str) -> Market | None:
        """What `symbol` counts in; None when it is not listed. Raises ExchangeError when the markets cannot be loaded."""
        loaded = self._load()
        raw = loaded.markets.get(symbol)
        if raw is None:
            return None
        if loaded.profile.exchange in AMOUNTS_ARE_UNITS and raw.get("contract"):
            raw = {**raw, "contractSize": "1"}
        return parse_market(raw, loaded.precision_mode)

    def read_prices(self, symbols: Collection[str]) -> dict[str, Decimal]:
        """Mark or last prices of those symbols that could be read."""
        try:
            loaded = self._load()
        except ExchangeError:
            return {}
        return read_prices(loaded.profile, self._ask, [symbol for symbol in symbols if symbol in loaded.markets])

    def clock_offset_ns(self) -> int | None:
        """Exchange time minus ours, taken at the middle of the request; None when it could not be measured."""
        try:
            measurable = self._load().profile.can("fetchTime")
        except ExchangeError:
            return None
        reply = self._ask("reading the exchange's clock", self._timed) if measurable else Reply()
        if reply.error is not None or reply.value is None:
            return None
        before, told, after = reply.value
        return None if told is None else int(told) * _MILLISECOND_NS - (before + after) // 2

    def _timed(self, client: Any) -> tuple[int, int | None, int]:
        before = self._clock.now_ns()
        told = client.fetch_time()
        return before, told, self._clock.now_ns()

    def _ask(self, label: str, work: Work) -> Reply:
        return self._worker.ask(label, work, self._settings.deadline_s)

    def _load(self) -> _Loaded:
        """What every call needs first; asked for once, and again after a failure."""
        if self._loaded is None:
            market_type = self._settings.market_type

            def load(client: Any) -> _Loaded:
                if client.has.get(market_type) is False:
                    raise ExchangeUnsupported(
                        f"{client.id} has no {market_type} markets in ccxt; choose another market type, "
                        f"or the exchange's other id for them"
                    )
                markets = client.load_markets()
                if not isinstance(markets, Mapping) or not markets:
                    raise Unreadable(f"{client.id} listed no markets; try again, or look whether its address is right")
                profile = profile_of(client, market_type)
                return _Loaded(profile=profile, markets=markets, precision_mode=client.precisionMode)

            reply = self._ask("loading the markets", load)
            if reply.error is not None:
                raise as_exchange_error(reply.error, f"the markets of {self.id} could not be loaded", self._redact)
            self._loaded = reply.value
        assert self._loaded is not None
        return self._loaded

    def _fetch_account(self) -> ExchangeAccount:
        return parse_account(self._fetch_balance(), self._settings.market_type)

    def _fetch_balance(self) -> Mapping[str, Any]:
        self._load()
        reply = self._ask("reading the account", lambda client: client.fetch_balance())
        if reply.error is not None:
            raise as_exchange_error(reply.error, "the account could not be read", self._redact)
        if not isinstance(reply.value, Mapping):
            raise Unreadable("the exchange answered something that is no balance; look at the exchange itself")
        return reply.value

    def _reader(self, loaded: _Loaded) -> ScopeReader:
        return ScopeReader(loaded.profile, self._ask, self._redact, self._clock, markets=loaded.markets)

    def _reading(self, kind: ScopeKind, status: ScopeStatus, count: int, reason: str = "") -> ScopeReading:
        scope = Scope(kind=kind, market_type=self._settings.market_type)
        return ScopeReading(scope=scope, status=status, count=count, reason=reason, read_at=self._clock.now_ns())

    def _unread(self, error: ExchangeError, *kinds: ScopeKind) -> Coverage:
        readings = (self._reading(kind, ScopeStatus.FAILED, 0, str(error)) for kind in kinds)
        return Coverage(readings=tuple(msgspec.structs.replace(each, trouble=error.trouble) for each in readings))

    def _keep_late(self, label: str, reply: Reply) -> None:
        told = reply.value.rows if isinstance(reply.value, Listing) else reply.value
        if reply.error is not None:
            text = words_of(reply.error, self._redact)
        elif isinstance(told, Mapping) and "id" in told:
            text = f"answered about order {told['id']}, status {told.get('status') or 'not told'}"
        else:
            text = "answered"
        late = LateResult(request=self._redact(label), text=self._redact(text), at=self._clock.now_ns())
        self._late.append(late)
        _log.warning("a result came after its deadline: %s: %s", late.request, late.text)
