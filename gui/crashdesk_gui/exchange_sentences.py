"""The sentences in which the core speaks of an exchange, its accounts and its orders; see `phrases`."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

ACCOUNTS = (
    QT_TRANSLATE_NOOP("Core", "live"),
    QT_TRANSLATE_NOOP("Core", "sandbox"),
    QT_TRANSLATE_NOOP("Core", "exchange"),
    QT_TRANSLATE_NOOP("Core", "mode"),
    QT_TRANSLATE_NOOP("Core", "its store.toml"),
    QT_TRANSLATE_NOOP("Core", "its audit log"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the store belongs to the {what} {stored} ({source} says so) and {opened} was opened. Nothing was "
        "compared: open {stored}, or use another store for the account that was opened",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the store belongs to the {what} {stored} ({source} says so) and {opened} was opened. Nothing was "
        "compared: open {stored}, or correct `{setting}` in store.toml",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the store belongs to a {mode} account ({source} says so), and the {other} account of {exchange} was "
        "opened. Nothing was compared: open the {mode} account, or use another store for the account that was"
        " opened",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the store belongs to a {mode} account ({source} says so), and the {other} account of {exchange} was "
        "opened. Nothing was compared: open the {mode} account, or correct `{setting}` in store.toml",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the plan is of the {mode} account {stored} of {exchange}; the {other} account {opened} of "
        "{connected} is open. Nothing was sent: open the plan's, or compare again",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "nothing says which account the store belongs to, so whether its state is of the {mode} account of "
        "{exchange} that was opened cannot be told: give RecoveryManager a StoreManifest with exchange, "
        "account and mode; or have an operator recover the store. Nothing was compared, the state is as it "
        "was",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the exchange has never heard of any open order of the last known state, and none of its positions is "
        "held: the account that was opened may be another one than the store's; look whether the keys are "
        "those of the right account",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the exchange has never heard of any open order of the last known state, and none of its positions is "
        "held: the account that was opened may be another one than the store's; look whether the keys are "
        "those of the right account, or have an operator recover the store. Nothing was cancelled, the state "
        "is as it was",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the exchange has never heard of any open order of the last known state, and none of its positions is "
        "held: the account that was opened may be another one than the store's; look whether the keys are "
        "those of the right account. Nothing was sent or saved, since nobody confirmed that it is this account",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "every position of the last known state is gone, and no trades that this account tells add up to the "
        "closing of one: the account that was opened may be another one than the store's; look whether the "
        "keys are those of the right account",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "every position of the last known state is gone, and no trades that this account tells add up to the "
        "closing of one: the account that was opened may be another one than the store's; look whether the "
        "keys are those of the right account, or have an operator recover the store. Nothing was cancelled, "
        "the state is as it was",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "every position of the last known state is gone, and no trades that this account tells add up to the "
        "closing of one: the account that was opened may be another one than the store's; look whether the "
        "keys are those of the right account. Nothing was sent or saved, since nobody confirmed that it is "
        "this account",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "every position of the last known state is gone, and the trades that would prove that it was this "
        "account which closed them could not be read ({reason}): the account that was opened may be another "
        "one than the store's; look whether the keys are those of the right account",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "every position of the last known state is gone, and the trades that would prove that it was this "
        "account which closed them could not be read ({reason}): the account that was opened may be another "
        "one than the store's; look whether the keys are those of the right account, or have an operator "
        "recover the store. Nothing was cancelled, the state is as it was",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "every position of the last known state is gone, and the trades that would prove that it was this "
        "account which closed them could not be read ({reason}): the account that was opened may be another "
        "one than the store's; look whether the keys are those of the right account. Nothing was sent or "
        "saved, since nobody confirmed that it is this account",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the store {directory} belongs to the {what} {stored} (its store.toml says so) and the bot was "
        "started with {opened}. Nothing was read or written: give the bot another checkpoint_dir for "
        "{opened}, or, if it is the same account, correct `{setting}` in store.toml",
    ),
    QT_TRANSLATE_NOOP("Core", "a new store for the {mode} account {account} of {exchange}"),
    QT_TRANSLATE_NOOP("Core", "this exchange, or ccxt for it, does not tell what a key may do"),
    QT_TRANSLATE_NOOP("Core", "the sandbox of this exchange does not tell what a key may do"),
    QT_TRANSLATE_NOOP("Core", "the exchange's answer about the key was not understood"),
    QT_TRANSLATE_NOOP("Core", "the account itself may not trade"),
)
"""Which account a store, a plan or a key is of."""

CONNECTING = (
    QT_TRANSLATE_NOOP(
        "Core",
        "no keys for {exchange}: set {names} in the environment, or connect the account in the desk, which "
        "can keep them in the system keyring",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "no keys for {exchange}: set {names} in the environment. (The system keyring cannot be used: {reason})",
    ),
    QT_TRANSLATE_NOOP("Core", "this system offers none"),
    QT_TRANSLATE_NOOP("Core", "it is locked; unlock it, then try again"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the system keyring's entry {quoted} of {service} is not what was saved there; save the keys again",
    ),
    QT_TRANSLATE_NOOP("Core", "ccxt knows no exchange {quoted}; see the list of ids in ccxt's manual"),
    QT_TRANSLATE_NOOP("Core", "ccxt knows no exchange {quoted}; did you mean {names}?"),
    QT_TRANSLATE_NOOP(
        "Core",
        "ccxt has no sandbox for {exchange}; the live account is not used in its place. Choose another "
        "exchange, or open the live account on purpose",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{exchange} has no {market} markets in ccxt; choose another market type, or the exchange's other id for them",
    ),
    QT_TRANSLATE_NOOP("Core", "{exchange} listed no markets; try again, or look whether its address is right"),
    QT_TRANSLATE_NOOP("Core", "nothing can be signed with it: {problem}"),
    QT_TRANSLATE_NOOP("Core", "the answer broke off"),
    QT_TRANSLATE_NOOP("Core", "no connection in time"),
    QT_TRANSLATE_NOOP("Core", "no answer in time"),
    QT_TRANSLATE_NOOP("Core", "the address cannot be resolved"),
    QT_TRANSLATE_NOOP("Core", "no secure connection"),
    QT_TRANSLATE_NOOP("Core", "sent on to another address, which was not followed"),
    QT_TRANSLATE_NOOP("Core", "the connection was lost"),
    QT_TRANSLATE_NOOP("Core", "a web page instead of an answer: {page}"),
)
"""Why no connection could be opened."""

ASKING = (
    QT_TRANSLATE_NOOP("Core", "measuring the clock"),
    QT_TRANSLATE_NOOP("Core", "reading positions"),
    QT_TRANSLATE_NOOP("Core", "reading positions once more, since an order filled meanwhile"),
    QT_TRANSLATE_NOOP("Core", "reading open orders"),
    QT_TRANSLATE_NOOP("Core", "reading the account"),
    QT_TRANSLATE_NOOP("Core", "reading prices"),
    QT_TRANSLATE_NOOP("Core", "loading the markets"),
    QT_TRANSLATE_NOOP("Core", "reading the exchange's clock"),
    QT_TRANSLATE_NOOP("Core", "reading the key's permissions"),
    QT_TRANSLATE_NOOP("Core", "reading {scope}"),
    QT_TRANSLATE_NOOP("Core", "reading the trades of {key}"),
    QT_TRANSLATE_NOOP("Core", "asking for the trades of {symbol}"),
    QT_TRANSLATE_NOOP("Core", "the exchange cannot be asked for them"),
    QT_TRANSLATE_NOOP("Core", "the exchange cannot be asked for the trades of this symbol"),
    QT_TRANSLATE_NOOP("Core", "only the trades of the last week could be asked for"),
    QT_TRANSLATE_NOOP("Core", "there are more trades than could be read"),
    QT_TRANSLATE_NOOP("Core", "reading liquidations of {symbol}"),
    QT_TRANSLATE_NOOP("Core", "looking for {key}"),
    QT_TRANSLATE_NOOP("Core", "cancelling {key}"),
    QT_TRANSLATE_NOOP("Core", "arming the dead man's switch"),
    QT_TRANSLATE_NOOP("Core", "disarming the dead man's switch"),
    QT_TRANSLATE_NOOP("Core", "{what}: the connection to the exchange was closed; open it again"),
    QT_TRANSLATE_NOOP("Core", "{what}: the connection to the exchange was closed"),
    QT_TRANSLATE_NOOP(
        "Core",
        "{what}: nothing was sent within {seconds} s, because earlier requests are still under way; try again",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{what}: no complete answer before the connection was closed; what the request did is unknown until "
        "it is read again",
    ),
    QT_TRANSLATE_NOOP("Core", "nothing of the account could be read from {exchange}"),
    QT_TRANSLATE_NOOP("Core", "the markets of {exchange} could not be loaded"),
    QT_TRANSLATE_NOOP("Core", "the account could not be read"),
    QT_TRANSLATE_NOOP("Core", "the dead man's switch could not be set"),
)
"""What was asked of an exchange, and why there was no answer."""

SCOPES = (
    QT_TRANSLATE_NOOP("Core", "{kind} · {market} · {where}"),
    QT_TRANSLATE_NOOP("Core", "{kind} ({variant}) · {market} · {where}"),
    QT_TRANSLATE_NOOP("Core", "{kind} · {market} · {where} ({reason})"),
    QT_TRANSLATE_NOOP("Core", "{kind} ({variant}) · {market} · {where} ({reason})"),
    QT_TRANSLATE_NOOP("Core", "{kind} · {market} · {where} ({reason}); {gaps}"),
    QT_TRANSLATE_NOOP("Core", "{kind} ({variant}) · {market} · {where} ({reason}); {gaps}"),
    QT_TRANSLATE_NOOP("Core", "not read again"),
    QT_TRANSLATE_NOOP("Core", "ccxt cannot list this exchange's open orders"),
    QT_TRANSLATE_NOOP("Core", "ccxt cannot list these orders"),
    QT_TRANSLATE_NOOP("Core", "ccxt cannot list these positions"),
    QT_TRANSLATE_NOOP("Core", "ccxt cannot list the trades of {exchange}"),
    QT_TRANSLATE_NOOP("Core", "the balance came without any currency; is this the right market type for the account?"),
    QT_TRANSLATE_NOOP("Core", "the balance of {symbol} came without its amount; look at the exchange itself"),
    QT_TRANSLATE_NOOP("Core", "the exchange answered something that is no balance; look at the exchange itself"),
    QT_TRANSLATE_NOOP("Core", "the exchange answered something that is no list; look at the exchange itself"),
    QT_TRANSLATE_NOOP("Core", "the exchange answered something that is no list of trades"),
    QT_TRANSLATE_NOOP("Core", "the exchange answered something that is no list of orders"),
    QT_TRANSLATE_NOOP("Core", "the exchange answered with a failure: {reason}"),
    QT_TRANSLATE_NOOP("Core", "which kind of order it is could not be read ({reason})"),
    QT_TRANSLATE_NOOP(
        "Core", "no list of conditional orders shows it, and of which kind it is decides how it is cancelled"
    ),
    QT_TRANSLATE_NOOP("Core", "those of a few symbols alone were asked for"),
    QT_TRANSLATE_NOOP("Core", "the exchange answered something that is no order"),
    QT_TRANSLATE_NOOP("Core", "the exchange answered with a failure: {words} ({codes}); look at the exchange itself"),
    QT_TRANSLATE_NOOP("Core", "the exchange answered with a failure: {words} ({codes})"),
    QT_TRANSLATE_NOOP("Core", "the exchange answered without a list: {words}; look at the exchange itself"),
    QT_TRANSLATE_NOOP("Core", "the exchange answered without a list; look at the exchange itself"),
    QT_TRANSLATE_NOOP("Core", "the exchange answered without a list"),
    QT_TRANSLATE_NOOP("Core", "the exchange answered without a list: {words}"),
    QT_TRANSLATE_NOOP("Core", "without words"),
    QT_TRANSLATE_NOOP("Core", "no code"),
    QT_TRANSLATE_NOOP("Core", "the exchange told a trade without its order, amount or price"),
    QT_TRANSLATE_NOOP("Core", "an order came without an id; look at it on the exchange itself"),
    QT_TRANSLATE_NOOP("Core", "an order came without a symbol; look at it on the exchange itself"),
    QT_TRANSLATE_NOOP("Core", "order {key} of {symbol} came without a side; look at it on the exchange itself"),
    QT_TRANSLATE_NOOP(
        "Core",
        "order {key} of {symbol} has the status {told}, which is not known here; look at it on the exchange itself",
    ),
    QT_TRANSLATE_NOOP("Core", "a position of {symbol} came without its quantity; look at the exchange itself"),
    QT_TRANSLATE_NOOP("Core", "a position of an unnamed symbol came without its quantity; look at the exchange itself"),
    QT_TRANSLATE_NOOP("Core", "a position of {contracts} {symbol} came without a side; look at the exchange itself"),
    QT_TRANSLATE_NOOP("Core", "{count} records came, a full page: there may be more"),
    QT_TRANSLATE_NOOP("Core", "{count} records came, a full page, and the next one did not follow: there may be more"),
    QT_TRANSLATE_NOOP("Core", "exactly {count} records came, which looks like a full page: there may be more"),
    QT_TRANSLATE_NOOP("Core", "there are more than {count} pages"),
    QT_TRANSLATE_NOOP(
        "Core",
        "its pages were read {count} times and differed each time: orders came or went between two pages, and"
        " one may have been missed",
    ),
    QT_TRANSLATE_NOOP("Core", "take profit and stop loss"),
    QT_TRANSLATE_NOOP("Core", "take-profit, stop-loss and trailing orders"),
    QT_TRANSLATE_NOOP("Core", "trailing orders"),
    QT_TRANSLATE_NOOP("Core", "one-cancels-the-other orders"),
    QT_TRANSLATE_NOOP("Core", "take-profit and stop-loss orders of positions"),
    QT_TRANSLATE_NOOP("Core", "international perpetuals"),
    QT_TRANSLATE_NOOP("Core", "linear USDT"),
    QT_TRANSLATE_NOOP("Core", "linear USDC"),
    QT_TRANSLATE_NOOP("Core", "just placed"),
    QT_TRANSLATE_NOOP("Core", "the exchange cannot be asked for liquidations of this symbol"),
    QT_TRANSLATE_NOOP("Core", "a liquidation came without its time"),
    QT_TRANSLATE_NOOP("Core", "only the last seven days could be asked for"),
)
"""Why a part of the account is not known."""

ORDERS = (
    QT_TRANSLATE_NOOP("Core", "the exchange answered about order {key}, which was not asked for"),
    QT_TRANSLATE_NOOP("Core", "its trigger fired; the exchange does not say which order it became"),
    QT_TRANSLATE_NOOP("Core", "the exchange does not say which order it became"),
    QT_TRANSLATE_NOOP("Core", "its trigger fired and placed order {key}, which could not be read: {reason}"),
    QT_TRANSLATE_NOOP("Core", "its trigger fired and placed order {key}, which is {status}"),
    QT_TRANSLATE_NOOP(
        "Core",
        "ccxt cannot ask {exchange} for an order by its client order id, and its lists do not show it",
    ),
    QT_TRANSLATE_NOOP("Core", "ccxt cannot ask {exchange} for an order by itself, and its lists do not show it"),
    QT_TRANSLATE_NOOP(
        "Core",
        "ccxt cannot ask {exchange} for an order by its client order id, and its lists do not show it; {reason}",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "ccxt cannot ask {exchange} for an order by itself, and its lists do not show it; {reason}",
    ),
    QT_TRANSLATE_NOOP("Core", "it is not open, and the lists of ended orders could not be read: {reason}"),
    QT_TRANSLATE_NOOP("Core", "the exchange answered without saying about which order"),
    QT_TRANSLATE_NOOP("Core", "the exchange answered about order {key}, not {asked}"),
    QT_TRANSLATE_NOOP("Core", "the exchange rejected the cancellation without saying why"),
    QT_TRANSLATE_NOOP("Core", "nothing was sent: the exchange's id of the order is not known; read the order first"),
    QT_TRANSLATE_NOOP("Core", "nothing was sent: {reason}"),
    QT_TRANSLATE_NOOP("Core", "the exchange's id of the order is not known; read the order first"),
)
"""What is known of one order."""

SWITCH = (
    QT_TRANSLATE_NOOP("Core", "dead man's switch armed: {what}"),
    QT_TRANSLATE_NOOP("Core", "dead man's switch refreshed again: {what}"),
    QT_TRANSLATE_NOOP("Core", "dead man's switch covers something else now: {what}"),
    QT_TRANSLATE_NOOP("Core", "dead man's switch could not be disarmed: {problem}"),
    QT_TRANSLATE_NOOP(
        "Core",
        "{seconds} s after the bot's last sign the exchange cancels all orders of the account, protective stops too",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{seconds} s after the bot's last sign the exchange cancels all orders of the account, but not "
        "protective stops",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{seconds} s after the bot's last sign the exchange cancels the orders of {names}, protective stops too",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{seconds} s after the bot's last sign the exchange cancels the orders of {names}, but not protective stops",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the dead man's switch could not be refreshed in time ({problem}): the exchange has cancelled the "
        "orders that it covers, protective stops too. Compare with the exchange, and protect your positions",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the dead man's switch could not be refreshed: {problem}. Unless that succeeds within {seconds} s, "
        "the exchange cancels the orders that it covers, protective stops too",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the run before armed a dead man's switch that fires in about {seconds} s and cancels what it covers,"
        " the orders of this run and protective stops too: arm it anew now, or place nothing before it has "
        "fired",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{exchange} offers no dead man's switch for {market} orders that can be used here: {reason}. Orders "
        "stay as they are when the bot dies",
    ),
    QT_TRANSLATE_NOOP("Core", "its timer watches a websocket connection and cannot be refreshed by requests"),
    QT_TRANSLATE_NOOP("Core", "its timer covers only orders that were placed with a group number"),
    QT_TRANSLATE_NOOP("Core", "ccxt cannot disarm its timer, and it may fire ten times a day only"),
    QT_TRANSLATE_NOOP("Core", "its timer covers spot orders only"),
    QT_TRANSLATE_NOOP("Core", "neither ccxt nor Crashdesk knows one for {symbol}"),
    QT_TRANSLATE_NOOP("Core", "neither ccxt nor Crashdesk knows one"),
    QT_TRANSLATE_NOOP(
        "Core",
        "{exchange} has a dead man's switch for each symbol: name the symbols that the bot trades",
    ),
)
"""The dead man's switch."""

SENTENCES = (*ACCOUNTS, *CONNECTING, *ASKING, *SCOPES, *ORDERS, *SWITCH)
