"""No message and no log record of CcxtExchange shows a key, a secret or a signature."""

import logging
from typing import Any

from ccxt_on_binance import BOT, Open, rest

from crashdesk.demo.venue import EmbeddedExchange, Fault, FaultKind


def test_no_message_and_no_log_record_shows_key_secret_or_signature(
    venue: EmbeddedExchange, open_exchange: Open, trader: Any
) -> None:
    texts: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            texts.append(logging.Formatter().format(record))

    root, handler = logging.getLogger(), Collect()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    refs = [rest(trader) for _ in FaultKind]
    trader.session.close()
    texts.clear()
    noisy = logging.getLogger("urllib3.connectionpool")
    try:
        exchange = open_exchange(timeout_s=0.2, deadline_s=0.4)
        texts.append(repr(exchange))
        for ref, kind in zip(refs, FaultKind, strict=True):
            # An application may lower the level again: the filter still stands before its handlers.
            noisy.setLevel(logging.DEBUG)
            venue.add_fault(Fault(kind=kind, method="DELETE", seconds=0.3))
            texts.append(str(exchange.cancel_order(ref)))
            venue.clear_faults()
            venue.release()
            texts.extend((str(exchange.read_open_orders([])), str(exchange.read_account())))
        venue.close()
        texts.extend((str(exchange.read_order(refs[0])), str(exchange.read_positions([]))))
        texts.append(str(exchange.late_results))
        logging.getLogger("crashdesk.exchange").warning("signed with %s", BOT.secret)
        exchange.close()
    finally:
        noisy.setLevel(logging.WARNING)
        root.removeHandler(handler)
        root.setLevel(level)

    everything = "\n".join(texts)
    assert "signed with [removed]" in everything
    assert "/fapi/v1/openOrders" in everything
    for secret in (BOT.api_key, BOT.secret, "signature=", "X-MBX-APIKEY"):
        assert secret not in everything
