"""What the comparison goes by, beside the records themselves."""

from __future__ import annotations

import msgspec

from crashdesk.config import StoreManifest


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """`now_ns` is the time of judging; an order younger than `grace_ns` is too young to judge.

    The prefixes are of client order ids: the bot's own, the `former_prefixes` that it had before, and those of other programs on
    the account. `exclusive_account` means that nothing else trades there. `checkpoint_seq` is the checkpoint that the state came
    from, None for none, `checkpoint_timestamp` the time in it (None: the state's own), and `changes` of the journal followed it.
    A running bot (`bot_running`) may place an order after its state was read, so none of its own can be called an orphan.
    `clock_offset_ns` is exchange time, which `now_ns` is, minus the bot's; None where it was not measured and both are the same.
    `denied` is why the account may be another one than the state's, empty for no reason.
    `known_later` are the orders, each by symbol and id or client order id, of a state that came after an older one compared.
    """

    now_ns: int
    client_order_id_prefix: str = ""
    exclusive_account: bool = False
    other_prefixes: tuple[str, ...] = ()
    former_prefixes: tuple[str, ...] = ()
    grace_ns: int = 5_000_000_000
    checkpoint_seq: int | None = None
    checkpoint_timestamp: int | None = None
    changes: int = 0
    bot_running: bool = False
    clock_offset_ns: int | None = 0
    known_later: frozenset[tuple[str, str]] = frozenset()
    denied: str = ""


def rules_for(
    manifest: StoreManifest | None,
    *,
    now_ns: int,
    checkpoint_seq: int | None = None,
    checkpoint_timestamp: int | None = None,
    changes: int = 0,
    bot_running: bool = False,
    clock_offset_ns: int | None = 0,
) -> Rules:
    """The rules that a store's manifest gives; without one nothing is provably the bot's own."""
    return Rules(
        now_ns=now_ns,
        client_order_id_prefix=manifest.client_order_id_prefix if manifest else "",
        exclusive_account=manifest.exclusive_account if manifest else False,
        other_prefixes=manifest.other_prefixes if manifest else (),
        checkpoint_seq=checkpoint_seq,
        checkpoint_timestamp=checkpoint_timestamp,
        changes=changes,
        bot_running=bot_running,
        clock_offset_ns=clock_offset_ns,
    )
