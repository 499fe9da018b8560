"""What the comparison goes by, beside the records themselves."""

from __future__ import annotations

import msgspec

from crashdesk.config import StoreManifest


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """`now_ns` is the time of judging; an order younger than `grace_ns` is too young to judge.

    The prefixes are of client order ids: the bot's own, and those of other programs on the account. `exclusive_account`
    means that nothing else trades there. `checkpoint_seq` is the checkpoint that the state came from, None for none. While
    a bot runs (`bot_running`) its newer orders are in no checkpoint yet, so none of its own can be called an orphan.
    """

    now_ns: int
    client_order_id_prefix: str = ""
    exclusive_account: bool = False
    other_prefixes: tuple[str, ...] = ()
    grace_ns: int = 5_000_000_000
    checkpoint_seq: int | None = None
    bot_running: bool = False


def rules_for(
    manifest: StoreManifest | None, *, now_ns: int, checkpoint_seq: int | None = None, bot_running: bool = False
) -> Rules:
    """The rules that a store's manifest gives; without one nothing is provably the bot's own."""
    if manifest is None:
        return Rules(now_ns=now_ns, checkpoint_seq=checkpoint_seq, bot_running=bot_running)
    return Rules(
        now_ns=now_ns,
        client_order_id_prefix=manifest.client_order_id_prefix,
        exclusive_account=manifest.exclusive_account,
        other_prefixes=manifest.other_prefixes,
        checkpoint_seq=checkpoint_seq,
        bot_running=bot_running,
    )
