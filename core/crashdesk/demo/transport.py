"""Leading an unmodified ccxt client to the embedded exchange, and nowhere else."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from crashdesk.errors import DemoError

EXCHANGE_HOSTS = {"binanceusdm": "fapi.binance.com", "okx": "www.okx.com"}
"""The one host that the embedded exchange stands for, by the id of the ccxt client that talks to it."""

_FURTHER_ADDRESSES = {("binanceusdm", "api.binance.com", "/sapi/v1/account/apiRestrictions")}
"""What the embedded exchange also stands for: Binance tells at its wallet's address what a key may do."""


class EscapedRequest(DemoError):
    """A client of the embedded exchange wanted to talk to another host. Nothing was sent."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"A request to {host!r} was stopped: the demonstration talks to the embedded exchange only. "
            f"Set the ccxt options of demo_client_options()."
        )
        self.host = host


def demo_client_options() -> dict[str, object]:
    """What goes into the `options` of a `ccxt.binanceusdm` or `ccxt.okx` client of the embedded exchange.

    `fetchCurrencies`: with keys set, load_markets() would ask for the wallet's currencies, Binance's at another host.
    `fetchOpenOrders.warnWithoutSymbol`: reading the open orders of all symbols at once is intended.
    """
    return {"fetchCurrencies": False, "fetchOpenOrders": {"warnWithoutSymbol": False}}


def mount_loopback(client: Any, url: str, *, now_ns: Callable[[], int] | None = None) -> None:
    """Send all requests of a synchronous ccxt client to the embedded exchange at `url`.

    The client keeps the real URLs, by which ccxt chooses the classes of its errors; only the destination changes. A
    request to any other host than that of EXCHANGE_HOSTS raises EscapedRequest. The client's own rate limit is switched off:
    it would pace loopback like the real exchange. With `now_ns`, requests are stamped with that time.
    """
    host = EXCHANGE_HOSTS.get(client.id)
    if host is None:
        known = " and ".join(EXCHANGE_HOSTS)
        raise DemoError(f"The embedded exchange speaks to ccxt's {known} clients, not to {client.id}.")
    adapter = _LoopbackAdapter(url, client.id, host)
    client.session.trust_env = False
    client.session.mount("https://", adapter)
    client.session.mount("http://", adapter)
    client.enableRateLimit = False
    if now_ns is not None:
        clock = now_ns
        client.milliseconds = lambda: clock() // 1_000_000


class _LoopbackAdapter(HTTPAdapter):  # type: ignore[misc]
    def __init__(self, url: str, exchange: str, host: str) -> None:
        super().__init__()
        self._exchange = exchange
        self._host = host
        destination = urlsplit(url)
        self._scheme, self._netloc = destination.scheme, destination.netloc

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        wanted = urlsplit(request.url or "")
        known = wanted.netloc == self._host or (self._exchange, wanted.netloc, wanted.path) in _FURTHER_ADDRESSES
        if wanted.scheme != "https" or not known:
            raise EscapedRequest(wanted.hostname or "")
        led = request.copy()
        led.url = urlunsplit((self._scheme, self._netloc, wanted.path, wanted.query, ""))
        response = super().send(led, *args, **kwargs)
        response.request, response.url = request, request.url or ""
        return response
