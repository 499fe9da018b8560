"""Which account a store belongs to, and whether the one that was opened is that one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from crashdesk.audit import AuditEntry
from crashdesk.config import MANIFEST_NAME, AccountMode, StoreManifest
from crashdesk.errors import WrongAccount
from crashdesk.exchange.protocol import Exchange
from crashdesk.reconcile.records import Plan
from crashdesk.state import SystemState

_IN_THE_LOG = "its audit log"


class Belonging(msgspec.Struct, frozen=True, kw_only=True):
    """The account that a store belongs to; empty texts for what is not named. `source` is what says so."""

    exchange: str
    account: str
    mode: AccountMode
    source: str


def of_manifest(manifest: StoreManifest) -> Belonging:
    """What ``store.toml`` says."""
    return Belonging(
        exchange=manifest.exchange, account=manifest.account, mode=manifest.mode, source=f"its {MANIFEST_NAME}"
    )


def of_exchange(exchange: Exchange) -> Belonging:
    """What was opened; `source` is the audit log, for that is where it is written down."""
    return Belonging(exchange=exchange.id, account=exchange.account_label, mode=exchange.mode, source=_IN_THE_LOG)


def audit_data(belongs: Belonging) -> dict[str, str]:
    """The details of an audit entry from which `recorded` tells the account again."""
    return {"exchange": belongs.exchange, "account": belongs.account, "mode": belongs.mode.value}


def recorded(entries: Sequence[AuditEntry]) -> Belonging | None:
    """The account that an audit log names last; None where it never named one."""
    modes = {mode.value: mode for mode in AccountMode}
    for entry in reversed(entries):
        mode = modes.get(entry.data.get("mode", ""))
        if mode is not None and "exchange" in entry.data:
            account = entry.data.get("account", "")
            return Belonging(exchange=entry.data["exchange"], account=account, mode=mode, source=_IN_THE_LOG)
    return None


def require_same_account(belongs: Belonging | None, exchange: Exchange) -> None:
    """On another account every order of the state would look gone. An exchange or account that is not named is taken on trust.

    Raises WrongAccount.
    """
    if belongs is None:
        return
    named = (("exchange", belongs.exchange, exchange.id), ("account", belongs.account, exchange.account_label))
    for what, stores, opened in named:
        if stores and opened and stores != opened:
            raise WrongAccount(
                f"the store belongs to the {what} {stores!r} ({belongs.source} says so) and {opened!r} was opened. Nothing was "
                f"compared: open {stores!r}, or {_correction(belongs, what)}"
            )
    if belongs.mode is not exchange.mode:
        raise WrongAccount(
            f"the store belongs to a {belongs.mode.value} account ({belongs.source} says so), and the {exchange.mode.value} "
            f"account of {exchange.id} was opened. Nothing was compared: open the {belongs.mode.value} account, or "
            f"{_correction(belongs, 'mode')}"
        )


def require_account_of_plan(plan: Plan, exchange: Exchange) -> None:
    """What was decided on one account's orders is not carried out on another's. Raises WrongAccount."""
    shown = (plan.exchange, plan.account_label, plan.mode or exchange.mode)
    if shown != (exchange.id, exchange.account_label, exchange.mode):
        raise WrongAccount(
            f"the plan is of the {shown[2].value} account {plan.account_label!r} of {plan.exchange}; the {exchange.mode.value} "
            f"account {exchange.account_label!r} of {exchange.id} is open. Nothing was sent: open the plan's, or compare again"
        )


def require_undenied(plan: Plan, *, confirmed: bool) -> None:
    """A state that the account denies entirely is not given up by the way. Raises WrongAccount unless that was `confirmed`.

    It can be right: a test account that was wiped. So an operator may do it, but has to say that it is this account.
    """
    if plan.denied and not confirmed:
        raise WrongAccount(f"{plan.denied}. Nothing was sent or saved, since nobody confirmed that it is this account")


def doubt_about_account(belongs: Belonging | None, exchange: Exchange, state: SystemState) -> str:
    """Why nobody can tell whether `state` is of the account that was opened; empty when nothing depends on it."""
    if belongs is not None or not (state.open_orders or state.positions):
        return ""
    return (
        f"nothing says which account the store belongs to, so whether its state is of the {exchange.mode.value} account of "
        f"{exchange.id} that was opened cannot be told: give RecoveryManager a StoreManifest with exchange, account and mode"
    )


def require_same_store(before: StoreManifest | None, given: StoreManifest, directory: Path) -> None:
    """A bot that was started with another account's settings must not make the store look like that account's.

    Raises WrongAccount.
    """
    if before is None:
        return
    pairs = (
        ("exchange", before.exchange, given.exchange),
        ("account", before.account, given.account),
        ("mode", before.mode.value, given.mode.value),
    )
    for what, stores, wanted in pairs:
        if stores and wanted and stores != wanted:
            raise WrongAccount(
                f"the store {directory} belongs to the {what} {stores!r} (its {MANIFEST_NAME} says so) and the bot was started "
                f"with {wanted!r}. Nothing was read or written: give the bot another checkpoint_dir for {wanted!r}, or, if it "
                f"is the same account, correct `{what}` in {MANIFEST_NAME}"
            )


def _correction(belongs: Belonging, what: str) -> str:
    if belongs.source == _IN_THE_LOG:
        return "use another store for the account that was opened"
    return f"correct `{what}` in store.toml"
