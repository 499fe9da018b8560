"""Connecting an account: which exchange, live or sandbox, where its keys are, and a read that proves what they can."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from crashdesk.config import AccountMode, StoreManifest
from crashdesk.errors import KeyringUnusable
from crashdesk.exchange.catalogue import ExchangeEntry, Prospect
from crashdesk.exchange.connect import ExchangeCredentials
from crashdesk.trouble import OF_THE_KEY
from crashdesk_gui.connect_words import (
    expected_lines,
    keyring_words,
    other_account_words,
    result_lines,
    trouble_words,
)
from crashdesk_gui.connection import Connection, ExchangeAccess, FirstRead, KeySource, differs_from_store, first_read
from crashdesk_gui.context import UiContext
from crashdesk_gui.dialogs.fitting import fitting
from crashdesk_gui.errors import explain
from crashdesk_gui.jobs import Job, JobRunner, Progress
from crashdesk_gui.joined_words import listed
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.account_form import AccountForm
from crashdesk_gui.views.exchange_picker import ExchangePicker
from crashdesk_gui.views.finding_list import FindingList
from crashdesk_gui.views.key_form import KeyForm
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, push_button

_SIZE = QSize(920, 680)
_PICKER_WIDTH = 264


class ConnectDialog(QDialog):
    """Asks for an account and its keys; no secret is ever shown.

    `lookups` and `reads` run the blocking parts and outlive the dialog. Signals: `chosen(Connection, ExchangeCredentials,
    KeyPermissions)` once the account was read and the operator connects; nothing was sent to the exchange by then but reads.
    """

    chosen = Signal(object, object, object)

    def __init__(
        self,
        ui: UiContext,
        store: StoreManifest,
        connection: Connection,
        access: ExchangeAccess,
        *,
        lookups: JobRunner,
        reads: JobRunner,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        ui.themes.dress(self)
        self._ui = ui
        self._store = store
        self._access = access
        self._lookups = lookups
        self._reads = reads
        self._wanted_market = connection.market_type
        self._job: Job | None = None
        self._tested: FirstRead | None = None
        self._prospect: Prospect | None = None
        self._asked = ("", "")
        self.picker = ExchangePicker(ui, connection.exchange, store.exchange)
        self.form = AccountForm(ui, connection)
        self.keys = KeyForm(ui, access, connection.source)
        self._heading = TextLabel(ui, style=TextStyle.HEADING, wrap=True)
        self._other = Banner(ui)
        self._problem = Banner(ui)
        self._findings = FindingList(ui)
        self._outcome = Panel(ui, self.tr("What will be read"))
        self.test = push_button(ui, self.tr("Test"), self._test, icon="verify", tip=self.tr("Reads the account once"))
        self.connect_button = push_button(ui, self.tr("Connect"), self._connect_account, kind=ButtonKind.PRIMARY)
        self._cancel = push_button(ui, self.tr("Cancel"), self.reject)
        self._missing = TextLabel(ui, tone=Tone.MUTED, wrap=True)
        self._refused = False
        self.setWindowTitle(self.tr("Connect an exchange"))
        self.setMinimumHeight(480)
        self.resize(fitting(self, _SIZE))
        self._build()
        self._follow()
        self._load()
        self._choose(None)

    @property
    def exchange(self) -> QLineEdit:
        """Where the exchange is searched for."""
        return self.picker.search

    # Building

    def _build(self) -> None:
        self._outcome.add(self._findings)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(TextLabel(self._ui, self.tr("Connect an exchange"), TextStyle.TITLE))
        promise = self.tr(
            "Connecting only reads. Orders are cancelled only by a recovery that you approve order by order."
        )
        layout.addWidget(TextLabel(self._ui, promise, tone=Tone.MUTED, wrap=True))
        middle = QHBoxLayout()
        middle.setSpacing(16)
        self.picker.setFixedWidth(_PICKER_WIDTH)
        middle.addWidget(self.picker)
        middle.addWidget(self._scrolled(), 1)
        layout.addLayout(middle, 1)
        layout.addWidget(self._problem)
        layout.addLayout(self._foot())

    def _scrolled(self) -> QScrollArea:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        for part in (self._heading, self._other, self.form, self.keys, self._outcome):
            column.addWidget(part)
        column.addStretch(1)
        area = QScrollArea()
        # How high it must be follows from its width; what Qt asks for is meant for the narrowest.
        content.setMinimumHeight(1)
        area.setWidget(content)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        # There is no scrolling sideways, so that nothing may be wider than the area.
        area.setMinimumWidth(content.minimumSizeHint().width() + area.verticalScrollBar().sizeHint().width() + 16)
        self._area = area
        return area

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.test)
        foot.addWidget(self._missing, 1)
        foot.addWidget(self._cancel)
        foot.addWidget(self.connect_button)
        self.connect_button.setDefault(True)
        return foot

    def _follow(self) -> None:
        self.picker.chosen_changed.connect(self._choose)
        self.picker.accepted.connect(self.keys.focus_first)
        self.form.changed.connect(self._on_account_changed)
        self.keys.changed.connect(self._forget_result)

    # What is chosen

    def connection(self) -> Connection:
        """What the fields say."""
        entry = self.picker.chosen
        return Connection(
            exchange=entry.id if entry else "",
            market_type=self.form.market_type,
            account=self.form.account.text().strip(),
            mode=self.form.mode,
            source=self.keys.source,
        )

    def result_text(self) -> str:
        """What the last test said; empty when none was made since the fields changed."""
        return self._findings.text() if self._tested is not None else ""

    # What can be known beforehand

    def _load(self) -> None:
        self._lookups.run(
            lambda _progress: self._access.catalogue(),
            title=self.tr("Loading the list of exchanges"),
            on_done=self._take_entries,
            on_failed=self._fail,
            owner=self,
        )
        self._lookups.run(
            lambda _progress: self._access.keyring_problem(),
            title=self.tr("Looking for the system keyring"),
            on_done=self.keys.set_keyring_problem,
            on_failed=self._fail,
            owner=self,
        )

    def _take_entries(self, entries: Sequence[ExchangeEntry]) -> None:
        self.picker.set_entries(entries)

    def _choose(self, entry: ExchangeEntry | None) -> None:
        self._problem.hide()
        self._area.verticalScrollBar().setValue(0)
        if entry is None:
            self._heading.setText(self.tr("Choose an exchange on the left."))
            self.keys.set_requirements("", None)
        else:
            self._heading.setText(entry.name if entry.name == entry.id else f"{entry.name} · {entry.id}")
            self.keys.set_requirements(entry.id, entry.required)
            self.form.set_market_types(entry.market_types, self._wanted_market)
        self.form.setEnabled(entry is not None)
        self.keys.setEnabled(entry is not None)
        self._on_account_changed()

    def _on_account_changed(self) -> None:
        self._ask_prospect()
        connection = self.connection()
        if connection.exchange and differs_from_store(connection, self._store):
            self._other.show_message(other_account_words(connection, self._store), Tone.WARNING, closable=False)
        else:
            self._other.hide()
        if connection.mode is AccountMode.LIVE:
            self.connect_button.setText(self.tr("Connect LIVE"))
        else:
            self.connect_button.setText(self.tr("Connect the sandbox"))
        self._forget_result()

    def _ask_prospect(self) -> None:
        """Ask what there is to read, whenever another exchange or market type is chosen."""
        connection = self.connection()
        wanted = (connection.exchange, connection.market_type)
        if wanted == self._asked:
            return
        self._asked = wanted
        self._prospect = None
        self.form.set_sandbox_offered(None)
        if not connection.exchange:
            return
        self._lookups.run(
            lambda _progress: self._access.prospect(*wanted),
            title=self.tr("Looking up what can be read"),
            on_done=self._take_prospect,
            on_failed=self._fail,
            owner=self,
        )

    def _take_prospect(self, found: Prospect) -> None:
        connection = self.connection()
        if (found.exchange, found.market_type) == (connection.exchange, connection.market_type):
            self._prospect = found
            self.form.set_sandbox_offered(found.sandbox)

    def _forget_result(self) -> None:
        """A test says nothing about fields that were changed after it."""
        self._tested = None
        self._refused = False
        self._outcome.set_title(self.tr("What will be read"), self.tr("not tested yet"))
        self._findings.set_lines(expected_lines(self._prospect) if self._prospect else [])
        self._outcome.setVisible(self.picker.chosen is not None)
        self._weigh()

    def _weigh(self) -> None:
        chosen = self.picker.chosen is not None
        ready = chosen and self.keys.complete and self.form.possible and self._job is None
        self.test.setEnabled(ready)
        self.connect_button.setEnabled(ready and not self._refused)
        self._missing.setText(self._missing_words())

    def _missing_words(self) -> str:
        """What stands in the way of testing or connecting."""
        if self.picker.chosen is None:
            return self.tr("Choose an exchange first.")
        if self.keys.missing:
            return self.tr("Missing: {0}.").format(listed(self.keys.missing))
        if self._refused:
            return self.tr("The exchange refused this key: change it, or test it again once it is mended there.")
        return ""

    # Testing and connecting

    def _test(self) -> None:
        self._read(connecting=False)

    def _connect_account(self) -> None:
        self._read(connecting=True)

    def _read(self, *, connecting: bool) -> None:
        """Read the account once; `connecting` then takes it, unless it could not be read."""
        connection, typed, keep = self.connection(), self.keys.typed(), self.keys.keep
        tested = self._tested

        def work(_progress: Progress) -> tuple[FirstRead, Connection, ExchangeCredentials]:
            credentials = self._access.credentials(connection, typed)
            read = tested or first_read(self._access, connection.manifest(self._store), credentials)
            if connecting and keep and read.usable and not _to_be_seen(read, tested):
                self._access.to_keyring(connection.exchange, connection.account, credentials)
            return read, connection, credentials

        def done(found: tuple[FirstRead, Connection, ExchangeCredentials]) -> None:
            self._show_read(*found, connecting=connecting and not _to_be_seen(found[0], tested))

        self._problem.hide()
        self._outcome.set_title(self.tr("What the test found"), self.tr("reading the account…"))
        self._job = self._reads.run(
            work,
            title=self.tr("Testing the connection"),
            on_done=done,
            on_failed=self._fail,
            on_cancelled=self._stopped,
            owner=self,
        )
        self._weigh()

    def _show_read(
        self, read: FirstRead, connection: Connection, credentials: ExchangeCredentials, *, connecting: bool
    ) -> None:
        if self._job is None:
            return
        self._job = None
        if connection != self.connection():
            # The fields were changed meanwhile: what was read is another account's.
            self._forget_result()
            return
        if not read.usable:
            self._forget_result()
            self._refused = read.trouble is not None and read.trouble.kind in OF_THE_KEY
            self._weigh()
            self._problem.show_message(trouble_words(read, connection, self._ui.display), Tone.DANGER)
            return
        self._tested = read
        self._outcome.set_title(self.tr("What the test found"))
        self._findings.set_lines(result_lines(read, self._ui.display))
        self._weigh()
        if read.permissions.can_withdraw:
            text = self.tr("This key may withdraw money. Use another one; or press the button again to use it anyway.")
            self._problem.show_message(text, Tone.DANGER)
        if connecting:
            self.chosen.emit(connection, credentials, read.permissions)
            self.accept()
        else:
            # The new lines have their heights only after the layout was made.
            QTimer.singleShot(0, self, lambda: self._area.verticalScrollBar().setValue(self._outcome.y()))

    def reject(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
        super().reject()

    def _stopped(self) -> None:
        self._job = None
        self._forget_result()

    def _fail(self, error: Exception) -> None:
        self._job = None
        self._forget_result()
        if isinstance(error, KeyringUnusable):
            text = keyring_words(error.reason, keeping=self.keys.source is KeySource.TYPED)
        else:
            text = explain(error).line
        self._problem.show_message(text, Tone.DANGER)


def _to_be_seen(read: FirstRead, seen: FirstRead | None) -> bool:
    """Whether the operator has to look at what was read before it is connected: the key could take the money away."""
    return read is not seen and bool(read.permissions.can_withdraw)
