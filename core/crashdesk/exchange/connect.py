"""What it takes to open an exchange: its id, the account's credentials, a ccxt client set up the safe way."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from crashdesk.config import AccountMode
from crashdesk.errors import ConfigError, ExchangeUnsupported, KeyringUnusable

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

KEYRING_SERVICE = "crashdesk"
CREDENTIAL_NAMES = (
    "apiKey",
    "secret",
    "password",
    "uid",
    "walletAddress",
    "privateKey",
    "accountId",
    "login",
    "twofa",
    "token",
)
"""Every name that ccxt's requiredCredentials use."""


_NO_KEYRING = "this system offers none"

# An object, a list, or the bare number that some exchanges send for their time; ccxt reads any other text as "nothing".
_JSON_STARTS = frozenset("{[0123456789")

_PRIVATE_CURRENCIES = frozenset({"okx", "okxus", "myokx", "bybit", "bybiteu", "bybitid"})
_NESTED_OPTIONS: tuple[tuple[str, str, object], ...] = (
    # One read of all symbols is meant; it costs more weight than one of a single symbol.
    ("fetchOpenOrders", "warnWithoutSymbol", False),
    # Bybit finds an order among the newest 500 only; beyond them it says that there is none.
    ("fetchOrder", "acknowledged", True),
)


class ExchangeCredentials(msgspec.Struct, frozen=True, kw_only=True):
    """What signs requests, keyed by ccxt's names (apiKey, secret, password, uid, ...). It never shows the values."""

    values: dict[str, str]

    def __post_init__(self) -> None:
        unknown = sorted(set(self.values) - set(CREDENTIAL_NAMES))
        if unknown:
            raise ConfigError(
                f"{', '.join(unknown)}: not the name of a credential; an exchange asks for some of {', '.join(CREDENTIAL_NAMES)}"
            )

    def __repr__(self) -> str:
        return f"ExchangeCredentials({', '.join(sorted(self.values)) or 'none'})"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        return [("names", sorted(self.values))]


class ExchangeSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Which account of which exchange to open.

    `exchange` is a ccxt id, `account` only a label, `market_type` ccxt's spot, swap or future. `timeout_s` bounds one
    read from the network, `deadline_s` one whole request. `options` are ccxt's, for exchanges with special needs. `embedded`
    says that `prepare` leads the client to an exchange on this machine, which needs no sandbox: no money is at stake there.
    """

    exchange: str
    account: str = ""
    market_type: str = "swap"
    sandbox: bool = False
    timeout_s: float = 10
    deadline_s: float = 20
    options: dict[str, object] = {}
    embedded: bool = False

    @property
    def mode(self) -> AccountMode:
        """Whether the account is live."""
        return AccountMode.SANDBOX if self.sandbox or self.embedded else AccountMode.LIVE


def exchange_ids() -> tuple[str, ...]:
    """The id of every exchange that ccxt knows."""
    import ccxt

    return tuple(ccxt.exchanges)


def required_credentials(exchange_id: str) -> tuple[str, ...]:
    """The names of the credentials that an exchange asks for. Raises ExchangeUnsupported for an id unknown to ccxt."""
    client = exchange_class(exchange_id)()
    try:
        return tuple(name for name, needed in client.requiredCredentials.items() if needed)
    finally:
        client.session.close()


def variable_name(exchange_id: str, credential: str) -> str:
    """The environment variable that holds one credential, such as CRASHDESK_BINANCEUSDM_API_KEY."""
    exchange = re.sub(r"\W", "_", exchange_id).upper()
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", credential).upper()
    return f"CRASHDESK_{exchange}_{words}"


def credentials_from_environment(exchange_id: str, environ: Mapping[str, str]) -> ExchangeCredentials | None:
    """The credentials in CRASHDESK_<EXCHANGE>_API_KEY, _SECRET, _PASSWORD, _UID and so on; None when none is set."""
    values = {
        name: value for name in CREDENTIAL_NAMES if (value := environ.get(variable_name(exchange_id, name), "").strip())
    }
    return ExchangeCredentials(values=values) if values else None


def credentials_from_keyring(exchange_id: str, account: str) -> ExchangeCredentials | None:
    """The credentials that save_to_keyring() kept; None when it kept none.

    Raises ConfigError when the system's keyring cannot be used, or holds something else under that name.
    """
    entry = f"{exchange_id}:{account}"
    text = _with_keyring(exchange_id, lambda backend: backend.get_password(KEYRING_SERVICE, entry))
    if text is None:
        return None
    try:
        return ExchangeCredentials(values=msgspec.json.decode(text, type=dict[str, str]))
    except msgspec.DecodeError:
        raise ConfigError(
            f"the system keyring's entry {entry!r} of {KEYRING_SERVICE!r} is not what was saved there; save the keys again"
        ) from None


def save_to_keyring(exchange_id: str, account: str, credentials: ExchangeCredentials) -> None:
    """Keep credentials in the system's keyring. Raises ConfigError when it cannot be used."""
    text = msgspec.json.encode(credentials.values).decode()
    _with_keyring(exchange_id, lambda backend: backend.set_password(KEYRING_SERVICE, f"{exchange_id}:{account}", text))


def keyring_problem() -> str:
    """Why the system's keyring cannot keep anything; empty when it can, as far as that shows without opening it."""
    import keyring
    from keyring.backends import fail, null

    if isinstance(keyring.get_keyring(), fail.Keyring | null.Keyring):
        return _NO_KEYRING
    return ""


def _with_keyring(exchange_id: str, use: Callable[[KeyringBackend], Any]) -> Any:
    import keyring
    from keyring.errors import KeyringError

    try:
        return use(keyring.get_keyring())
    except (KeyringError, OSError, RuntimeError) as error:
        names = ", ".join(variable_name(exchange_id, name) for name in required_credentials(exchange_id))
        reason = _keyring_words(error)
        raise KeyringUnusable(
            f"no keys for {exchange_id}: set {names} in the environment. (The system keyring cannot be used: {reason})",
            reason,
        ) from None


def _keyring_words(error: Exception) -> str:
    from keyring.errors import KeyringLocked, NoKeyringError

    if isinstance(error, NoKeyringError):
        return _NO_KEYRING
    if isinstance(error, KeyringLocked):
        return "it is locked; unlock it, then try again"
    return str(error) or type(error).__name__


def exchange_class(exchange_id: str) -> Callable[..., Any]:
    """ccxt's class of an exchange. Raises ExchangeUnsupported, naming similar ids, when there is none."""
    import ccxt

    if exchange_id in ccxt.exchanges:
        found: Callable[..., Any] = getattr(ccxt, exchange_id)
        return found
    near = difflib.get_close_matches(exchange_id.lower(), ccxt.exchanges, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "see the list of ids in ccxt's manual"
    raise ExchangeUnsupported(f"ccxt knows no exchange {exchange_id!r}; {hint}")


def build_client(
    settings: ExchangeSettings, credentials: ExchangeCredentials, prepare: Callable[[Any], None] | None = None
) -> Any:
    """A synchronous ccxt client that never repeats a request by itself and never leaves its sandbox.

    Raises ExchangeUnsupported for an unknown exchange, or one without the sandbox that was asked for; ConfigError when the
    options or `prepare` lead a client into the sandbox that was to be live.
    """
    make = exchange_class(settings.exchange)
    client = make(
        {
            **credentials.values,
            "timeout": round(settings.timeout_s * 1000),
            "enableRateLimit": True,
            "options": {"defaultType": settings.market_type, **settings.options},
        }
    )
    _set_options(client)
    client.number = str
    # A redirect would send the request a second time, signed, to an address that nobody chose.
    client.session.max_redirects = 0
    _accept_json_only(client)
    if settings.sandbox:
        _enter_sandbox(client)
    if prepare is not None:
        prepare(client)
    if settings.mode is AccountMode.LIVE and _in_sandbox(client):
        raise ConfigError(
            f"the account of {client.id} was to be the live one, and its client is in the sandbox (by its options, or by "
            "`prepare`): set sandbox=True in ExchangeSettings, or leave the client as it is"
        )
    return client


def _in_sandbox(client: Any) -> bool:
    switches = ("sandboxMode", "enableDemoTrading")
    return bool(client.isSandboxModeEnabled) or any(client.options.get(name) for name in switches)


def _set_options(client: Any) -> None:
    # A repeated cancel answers "no such order" after the first one succeeded.
    client.options["maxRetriesOnFailure"] = 0
    # With keys set, load_markets() would ask for the wallet's currencies, often on another host and with other permissions.
    client.options["fetchCurrencies"] = False
    if client.id in _PRIVATE_CURRENCIES:
        client.has = {**client.has, "fetchCurrencies": False}
    for method, option, value in _NESTED_OPTIONS:
        if isinstance(client.options.get(method, {}), dict):
            client.options[method] = {**client.options.get(method, {}), option: value}


def _accept_json_only(client: Any) -> None:
    """Make ccxt raise BadResponse for a success that carries no JSON.

    Most of its parsers take a web page, "OK" or a broken object for an empty list: no orders, no positions.
    """
    from ccxt import BadResponse

    receive = client.on_rest_response

    def checked(code: int, reason: str, url: str, method: str, *rest: Any) -> Any:
        body = receive(code, reason, url, method, *rest)
        if 200 <= code < 300 and not _is_json(body):
            raise BadResponse(f"{client.id} {method} {url} {code} {reason}, and no JSON with it: {body[:200]}")
        return body

    client.on_rest_response = checked


def _is_json(body: str) -> bool:
    if body[:1] not in _JSON_STARTS:
        return False
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except msgspec.DecodeError:
        return False
    return True


def _enter_sandbox(client: Any) -> None:
    live = msgspec.json.encode(client.urls.get("api"))
    headers = dict(client.headers or {})
    try:
        # Binance's futures left their test network for demo trading; ccxt refuses to sign for the old one.
        if client.urls.get("demo") and client.options.get("defaultType") != "spot":
            client.enable_demo_trading(True)
        elif client.urls.get("test"):
            client.set_sandbox_mode(True)
    except Exception as error:
        raise _no_sandbox(client.id) from error
    if msgspec.json.encode(client.urls.get("api")) == live and dict(client.headers or {}) == headers:
        raise _no_sandbox(client.id)


def _no_sandbox(exchange_id: str) -> ExchangeUnsupported:
    return ExchangeUnsupported(
        f"ccxt has no sandbox for {exchange_id}; the live account is not used in its place. Choose another exchange, "
        f"or open the live account on purpose"
    )
