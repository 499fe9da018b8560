"""The sentences in which the core speaks of a store: its files, journal, locks and settings; see `phrases`."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

FILES = (
    QT_TRANSLATE_NOOP("Core", "this is no checkpoint: it starts with {found} instead of {expected}"),
    QT_TRANSLATE_NOOP("Core", "this is no checkpoint: the file is empty"),
    QT_TRANSLATE_NOOP("Core", "the file ends after {bytes} bytes, inside its header"),
    QT_TRANSLATE_NOOP("Core", "the file ends after {bytes} bytes, before its checksum"),
    QT_TRANSLATE_NOOP("Core", "its format version is 0, which never was"),
    QT_TRANSLATE_NOOP(
        "Core",
        "written by a newer version of Crashdesk (format version {version}, this one reads 1 and 2): update "
        "Crashdesk to read it",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the checksum does not fit: the file says {noted}, its bytes give {computed}; it was damaged or cut off",
    ),
    QT_TRANSLATE_NOOP("Core", "the checksum does not fit"),
    QT_TRANSLATE_NOOP("Core", "the file is {bytes} bytes long; {count} were written"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the checksum does not fit: the file says {noted}, its bytes give {computed}, {expected} was written",
    ),
    QT_TRANSLATE_NOOP("Core", "{count} {label} cannot be in the {bytes} bytes that are left"),
    QT_TRANSLATE_NOOP("Core", "the amount {quoted} at byte {byte} is not in canonical decimal form"),
    QT_TRANSLATE_NOOP("Core", "the amount {quoted} at byte {byte} is no decimal number"),
    QT_TRANSLATE_NOOP("Core", "{bytes} bytes too many stand before {where}"),
    QT_TRANSLATE_NOOP("Core", "the end of the record"),
    QT_TRANSLATE_NOOP("Core", "the checksum"),
    QT_TRANSLATE_NOOP("Core", "the text at byte {byte} would end at byte {last}, beyond the content"),
    QT_TRANSLATE_NOOP("Core", "the text that ends at byte {byte} is not UTF-8"),
    QT_TRANSLATE_NOOP("Core", "a field at byte {byte} says {bytes} bytes; only {count} are left"),
    QT_TRANSLATE_NOOP("Core", "byte {byte}: {code} is no {label}"),
    QT_TRANSLATE_NOOP("Core", "byte {byte}: {code} is no order type"),
    QT_TRANSLATE_NOOP("Core", "the record at byte {byte} cannot be: {problem}"),
    QT_TRANSLATE_NOOP("Core", "the content cannot be: {problem}"),
    QT_TRANSLATE_NOOP("Core", "the position at byte {byte} has the negative quantity {quantity}"),
    QT_TRANSLATE_NOOP("Core", "the state of strategy {quoted} is {bytes}; it must be bytes"),
    QT_TRANSLATE_NOOP("Core", "the state of strategy {quoted} is larger than 4 GiB"),
    QT_TRANSLATE_NOOP("Core", "{label} is {quoted}; it must be text"),
    QT_TRANSLATE_NOOP("Core", "{label} {quoted} is no valid Unicode text: {reason}"),
    QT_TRANSLATE_NOOP("Core", "{label} is {bytes} bytes long; a checkpoint takes at most 65535"),
    QT_TRANSLATE_NOOP("Core", "an amount of {count} digits does not fit; a checkpoint takes at most 65535"),
    QT_TRANSLATE_NOOP("Core", "{label} {found} is no time in UNIX nanoseconds that fits 64 bits"),
    QT_TRANSLATE_NOOP("Core", "{label} is {found}; it must be one of {expected}"),
    QT_TRANSLATE_NOOP("Core", "{label}: quantity {quantity} is negative; a short position has side sell instead"),
    QT_TRANSLATE_NOOP("Core", "{label} is {found}; amounts are decimal.Decimal, never float"),
    QT_TRANSLATE_NOOP("Core", "{label} is {found}; only finite amounts can be stored"),
    QT_TRANSLATE_NOOP("Core", "the {label} {quoted} appears twice in one state"),
    QT_TRANSLATE_NOOP("Core", "position {quoted}"),
    QT_TRANSLATE_NOOP("Core", "order {quoted}"),
    QT_TRANSLATE_NOOP("Core", "position {quoted}: {field}"),
    QT_TRANSLATE_NOOP("Core", "order {quoted}: {field}"),
    QT_TRANSLATE_NOOP("Core", "position id"),
    QT_TRANSLATE_NOOP("Core", "order id"),
    QT_TRANSLATE_NOOP("Core", "client order id"),
    QT_TRANSLATE_NOOP("Core", "strategy name"),
    QT_TRANSLATE_NOOP("Core", "order type"),
    QT_TRANSLATE_NOOP("Core", "order status"),
    QT_TRANSLATE_NOOP("Core", "position side"),
    QT_TRANSLATE_NOOP("Core", "price flag"),
    QT_TRANSLATE_NOOP("Core", "strategies"),
    QT_TRANSLATE_NOOP("Core", "filled_quantity"),
    QT_TRANSLATE_NOOP("Core", "quantity"),
    QT_TRANSLATE_NOOP("Core", "entry_price"),
    QT_TRANSLATE_NOOP("Core", "unrealized_pnl"),
)
"""What is wrong with a checkpoint file, or with a state that cannot be written into one."""

STORE = (
    QT_TRANSLATE_NOOP("Core", "{directory} cannot be read: {reason}"),
    QT_TRANSLATE_NOOP("Core", "{directory} cannot be read: permission denied; run this as the user that runs the bot"),
    QT_TRANSLATE_NOOP("Core", "{directory} is inside of a store; the store is {store}"),
    QT_TRANSLATE_NOOP(
        "Core",
        "{directory} does not exist; give the directory that the bot's RecoveryConfig names as checkpoint_dir",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{directory} is a file; a store is a directory: give the directory that the bot's RecoveryConfig "
        "names as checkpoint_dir",
    ),
    QT_TRANSLATE_NOOP("Core", "{directory} is not a Crashdesk store, but there are stores in it: {names}"),
    QT_TRANSLATE_NOOP(
        "Core",
        "{directory} is not a Crashdesk store: it has no checkpoints/ directory; give the directory that the "
        "bot's RecoveryConfig names as checkpoint_dir",
    ),
    QT_TRANSLATE_NOOP("Core", "{directory} has no checkpoint {seq}; `crashdesk list` shows what there is"),
    QT_TRANSLATE_NOOP("Core", "{path} is larger than 1 GiB; it is no checkpoint of ours"),
    QT_TRANSLATE_NOOP("Core", "checkpoint {seq} is gone; retention may have removed it"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the store {directory} has vanished: it was deleted, moved away or is not mounted. Bring it back; a "
        "bot that is running creates a new one when it saves next",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the store {directory} has vanished together with the directory that held it; nothing can be saved "
        "until it is back or its disk is mounted again",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the store {directory} or its lock was deleted or moved away while it was in use; it was created "
        "again. Checkpoints, journal and history that were in it may not be there any more: put them back "
        "from a backup, and let the bot save a checkpoint now",
    ),
    QT_TRANSLATE_NOOP("Core", "{what}: {reason} ({directory}); check the disk, its free space and permissions"),
    QT_TRANSLATE_NOOP("Core", "the checkpoints cannot be listed"),
    QT_TRANSLATE_NOOP("Core", "checkpoint {seq} cannot be read"),
    QT_TRANSLATE_NOOP("Core", "the store cannot be read"),
    QT_TRANSLATE_NOOP("Core", "the store's directories cannot be created"),
    QT_TRANSLATE_NOOP("Core", "the store has vanished"),
    QT_TRANSLATE_NOOP("Core", "the store cannot be used any more"),
    QT_TRANSLATE_NOOP("Core", "the store cannot be prepared for writing"),
    QT_TRANSLATE_NOOP("Core", "the disk did not confirm a checkpoint"),
    QT_TRANSLATE_NOOP("Core", "a checkpoint cannot be written"),
    QT_TRANSLATE_NOOP("Core", "checkpoint {seq} cannot be put in its place"),
    QT_TRANSLATE_NOOP("Core", "checkpoint {seq} was not made durable"),
    QT_TRANSLATE_NOOP("Core", "checkpoint {seq} cannot be pinned or released"),
    QT_TRANSLATE_NOOP("Core", "old checkpoints cannot be deleted"),
    QT_TRANSLATE_NOOP("Core", "the disk accepts no more data"),
    QT_TRANSLATE_NOOP("Core", "the checkpoints in {directory} vanish faster than they can be read; try again"),
    QT_TRANSLATE_NOOP("Core", "{directory} was opened for reading only"),
    QT_TRANSLATE_NOOP(
        "Core",
        "checkpoint number {seq} is not the latest that was reserved in {directory}, or was used already; "
        "reserve a number for each checkpoint and save it before the next one is reserved",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "none of the {count} checkpoints in {directory} is usable; the newest ({file}): {reason}. Nothing was changed",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "none of the {count} checkpoints in {directory} is usable; the newest ({file}): {reason}. Nothing was"
        " changed: restore a backup of the directory, or start the bot on a new one",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "none of the {count} checkpoints in {directory} is usable; the newest ({file}): {reason}. Nothing was"
        " changed; {unreadable} of them cannot be read, which says nothing of their content: {problem}",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "there is no checkpoint any more in {directory}, though the journal tells of a state that was: "
        "{problem}. Nothing was changed: restore a backup of the directory, or start the bot on a new one",
    ),
    QT_TRANSLATE_NOOP("Core", "{reason} (it could not be moved aside: {problem})"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the disk of {directory} is full: the bot was not started, because nothing that it does could be "
        "recorded. Nothing that was stored is lost; free some space (10 MB at least), then start it again "
        "({problem})",
    ),
    QT_TRANSLATE_NOOP("Core", "Crashdesk's resource {file} is missing: install the package again"),
)
"""What the directory, its files and the disk say."""

JOURNAL = (
    QT_TRANSLATE_NOOP("Core", "a checkpoint's mark is {bytes} bytes long"),
    QT_TRANSLATE_NOOP("Core", "the checksum of changes {first} to {last} does not fit"),
    QT_TRANSLATE_NOOP("Core", "changes {first} to {last} cannot be told apart near byte {byte}"),
    QT_TRANSLATE_NOOP("Core", "changes {first} to {last} are not complete"),
    QT_TRANSLATE_NOOP("Core", "changes {first} to {last} are missing"),
    QT_TRANSLATE_NOOP("Core", "changes {first} to {last} were lost with a damaged journal ({reason})"),
    QT_TRANSLATE_NOOP("Core", "change {number}: {problem}"),
    QT_TRANSLATE_NOOP("Core", "change {number}: how checkpoint {seq} came to be was not journalled"),
    QT_TRANSLATE_NOOP("Core", "the journal begins after the state that it continues"),
    QT_TRANSLATE_NOOP("Core", "the journal is empty: what happened after checkpoint {seq} is not known"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the journal does not know checkpoint {seq}: it is of another store, an older copy, was begun anew, "
        "or could not be written at that time",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{path} was deleted, moved or replaced while it was in use; it is written anew from what is still "
        "open. Leave the store's files alone while a bot runs",
    ),
    QT_TRANSLATE_NOOP("Core", "{file} or its log was deleted, moved or replaced while in use"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the journal is missing; a new one was begun. Intents and decisions before now may not be known: "
        "orders without the bot's prefix cannot be told apart, and until an operator has looked at every "
        "order none is cancelled unattended",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the journal was damaged ({reason}) and moved to corrupt/; a new one was begun with what could be "
        "kept. Intents and decisions before now may not be known: orders without the bot's prefix cannot be "
        "told apart, and until an operator has looked at every order none is cancelled unattended",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the journal was damaged ({reason}) and moved to corrupt/; a new one was begun with what could be "
        "kept (not kept: {lost}). Intents and decisions before now may not be known: orders without the bot's"
        " prefix cannot be told apart, and until an operator has looked at every order none is cancelled "
        "unattended",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{problem}. Intents and decisions before now may not be known: orders without the bot's prefix cannot"
        " be told apart, and until an operator has looked at every order none is cancelled unattended",
    ),
    QT_TRANSLATE_NOOP("Core", "not all of the journal could be kept ({reason}): {lost}"),
    QT_TRANSLATE_NOOP("Core", "{table}: {count} could be kept, then {reason}"),
    QT_TRANSLATE_NOOP("Core", "{table}: {count} of {sum} were damaged"),
    QT_TRANSLATE_NOOP("Core", "an entry cannot be read ({problem})"),
    QT_TRANSLATE_NOOP("Core", "the chain is broken at entry {seq}"),
    QT_TRANSLATE_NOOP("Core", "the damaged journal cannot be read: {reason}"),
    QT_TRANSLATE_NOOP("Core", "the damaged {file} is just being read by this program too; try again"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the store {store} is on a network file system ({name}), where neither the journal nor the lock is as safe as on a disk "
        "of this machine: use it from this machine alone, or better move it to such a disk",
    ),
    QT_TRANSLATE_NOOP("Core", "{file} is open in the process that this one is a fork of; only that one writes"),
    QT_TRANSLATE_NOOP("Core", "the journal's log was damaged: at least {count} commits after the damage are lost"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the journal's log (journal.sqlite-wal) was deleted or cut off: what was committed last is lost",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the journal cannot be written: {problem}. What changes now is not safe until it can be again, or a "
        "checkpoint succeeds; the bot trades on, and an intent is refused",
    ),
    QT_TRANSLATE_NOOP("Core", "the journal failed: {problem}"),
    QT_TRANSLATE_NOOP("Core", "the state could not be handed to the journal again: {problem}"),
    QT_TRANSLATE_NOOP("Core", "the journal is written again; the whole state was journalled anew"),
    QT_TRANSLATE_NOOP("Core", "the disk does not keep up with the changes of the bot"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the disk is slow: it took {seconds} s to make {count} journal entries durable; a crash in such a "
        "moment loses what is waiting",
    ),
    QT_TRANSLATE_NOOP("Core", "this intent cannot be stored: {problem}"),
    QT_TRANSLATE_NOOP("Core", "this is not durable: {problem}"),
    QT_TRANSLATE_NOOP("Core", "a commit was interrupted"),
    QT_TRANSLATE_NOOP("Core", "it was interrupted on its way to the disk"),
    QT_TRANSLATE_NOOP("Core", "a batch of changes is not what was written"),
    QT_TRANSLATE_NOOP("Core", "its checksum does not fit"),
    QT_TRANSLATE_NOOP("Core", "an intent's checksum does not fit"),
    QT_TRANSLATE_NOOP("Core", "the journal notes causes that are none"),
    QT_TRANSLATE_NOOP("Core", "{quoted} is no cause of a checkpoint"),
    QT_TRANSLATE_NOOP("Core", "a column of numbers holds something else"),
    QT_TRANSLATE_NOOP("Core", "{file} is missing, while its log {log} is there"),
    QT_TRANSLATE_NOOP("Core", "{file} is empty: it was cut off"),
    QT_TRANSLATE_NOOP("Core", "{file} cannot be opened: {reason}"),
    QT_TRANSLATE_NOOP("Core", "{file} cannot be used: {problem}"),
    QT_TRANSLATE_NOOP("Core", "{file} holds an entry that cannot be read: {problem}"),
    QT_TRANSLATE_NOOP("Core", "{file} is damaged: {problem}"),
    QT_TRANSLATE_NOOP("Core", "{file} is damaged: its tables are not those of a journal"),
    QT_TRANSLATE_NOOP("Core", "{file} is damaged: its check says nothing"),
    QT_TRANSLATE_NOOP("Core", "{file} is damaged: the two places of its version say {found} and {expected}"),
    QT_TRANSLATE_NOOP("Core", "{file} is damaged and cannot be replaced: {problem}"),
    QT_TRANSLATE_NOOP("Core", "{file} was written by a newer version of Crashdesk; update Crashdesk to read it"),
    QT_TRANSLATE_NOOP("Core", "{file} holds nothing of Crashdesk's"),
    QT_TRANSLATE_NOOP("Core", "the disk failed under {file}: {problem}"),
    QT_TRANSLATE_NOOP("Core", "the new {file} could not be completed"),
    QT_TRANSLATE_NOOP("Core", "a new {file} cannot be written: {reason}"),
    QT_TRANSLATE_NOOP("Core", "{file} cannot be replaced by its copy: {reason}"),
    QT_TRANSLATE_NOOP("Core", "it was being replaced when the process ended"),
    QT_TRANSLATE_NOOP("Core", "the log of {file} cannot be read: {reason}"),
    QT_TRANSLATE_NOOP("Core", "{directory} cannot be written ({reason}); check its permissions and free space"),
    QT_TRANSLATE_NOOP("Core", "outcome {seq} of the audit log cannot be read back: {problem}"),
)
"""What is wrong with the journal, the history and the log of either."""

LOCKS = (
    QT_TRANSLATE_NOOP(
        "Core",
        "the store {directory} is in use by {who}; stop it first, or look at the store without writing",
    ),
    QT_TRANSLATE_NOOP("Core", "{who} (process {pid} on {host})"),
    QT_TRANSLATE_NOOP("Core", "another process"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the lock of {directory} cannot be taken: {reason}; nothing was written. Run this as the user that "
        "runs the bot, on the store itself and not on a copy that may only be read",
    ),
    QT_TRANSLATE_NOOP("Core", "whether {directory} is in use cannot be told: {reason}"),
    QT_TRANSLATE_NOOP(
        "Core",
        "the {mode} account {account} of {exchange} is in use by {who} of the store {store} (process {pid} on"
        " {host}), with the same client order id prefix {quoted}: each would take the other's orders for "
        "orphans. Stop it first, or give each bot a client_order_id_prefix of its own; if these are two "
        "accounts, give each its own `account` label",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the {mode} account {account} of {exchange} is in use by {who} of the store {store} (process {pid} on"
        " {host}), and neither names a client order id prefix: each would take the other's orders for "
        "orphans. Stop it first, or give each bot a client_order_id_prefix of its own; if these are two "
        "accounts, give each its own `account` label",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "the {mode} account {account} of {exchange} is in use by {who} of the store {store} (process {pid} on"
        " {host}), and the store {declaring} declares that nothing else trades there (exclusive_account): "
        "orders of one would be cancelled as orphans of the other. Stop it first, or take the declaration out"
        " of that store.toml",
    ),
    QT_TRANSLATE_NOOP("Core", "without a label"),
    QT_TRANSLATE_NOOP("Core", "there is no home directory; name a directory for the locks in {variable}"),
    QT_TRANSLATE_NOOP(
        "Core",
        "whether another bot uses the account cannot be told: {directory}: {reason}. Make it writable, or "
        "name another directory in {variable}",
    ),
    QT_TRANSLATE_NOOP("Core", "{file} is damaged ({problem}); delete it when no bot runs"),
    QT_TRANSLATE_NOOP("Core", "it is held by another process"),
)
"""Who holds the store, or the account."""

SETTINGS = (
    QT_TRANSLATE_NOOP("Core", "{path} cannot be written: {reason}"),
    QT_TRANSLATE_NOOP(
        "Core",
        "{path} was written by a newer version of Crashdesk; update Crashdesk to open this store",
    ),
    QT_TRANSLATE_NOOP("Core", "{path} is not as it should be: {problem}; correct it with a text editor"),
    QT_TRANSLATE_NOOP(
        "Core",
        "{path} has no store.toml, so nobody knows which exchange it belongs to; give RecoveryManager a "
        "StoreManifest, or connect the store in the desk",
    ),
    QT_TRANSLATE_NOOP("Core", "the store does not say which exchange it belongs to: set `exchange` in its store.toml"),
    QT_TRANSLATE_NOOP("Core", "store.toml leads to {quoted}; `endpoint` is only for an exchange on this machine"),
)
"""What is wrong with a setting."""

SENTENCES = (*FILES, *STORE, *JOURNAL, *LOCKS, *SETTINGS)
