"""Where an account's keys come from; asks for exactly those that the exchange needs, and never shows one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from crashdesk_gui.connection import ExchangeAccess, KeySource
from crashdesk_gui.context import UiContext
from crashdesk_gui.joined_words import listed
from crashdesk_gui.phrases import said
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.text import TextLabel


class KeyForm(Panel):
    """Signals: `changed()` when the source or a typed key changed."""

    changed = Signal()

    def __init__(self, ui: UiContext, access: ExchangeAccess, source: KeySource, parent: QWidget | None = None) -> None:
        super().__init__(ui, parent=parent)
        self._ui = ui
        self._keyring_problem = ""
        self._access = access
        self._exchange = ""
        self._names: tuple[str, ...] | None = None
        self._variables = TextLabel(ui, wrap=True, selectable=True)
        self._keyring = TextLabel(ui, tone=Tone.MUTED, wrap=True)
        self._no_keyring = TextLabel(ui, tone=Tone.WARNING, wrap=True)
        self.fields: dict[str, QLineEdit] = {}
        self._form = QFormLayout()
        self._keep = QCheckBox(self.tr("Keep them in the system keyring"))
        self._typed = QWidget()
        self.buttons = {
            KeySource.ENVIRONMENT: QRadioButton(self.tr("Keys from environment variables")),
            KeySource.KEYRING: QRadioButton(self.tr("Keys from the system keyring")),
            KeySource.TYPED: QRadioButton(self.tr("Type the keys")),
        }
        self._build(source)

    @property
    def source(self) -> KeySource:
        """The source that is chosen."""
        chosen = (source for source, button in self.buttons.items() if button.isChecked())
        return next(chosen, KeySource.ENVIRONMENT)

    @property
    def keep(self) -> bool:
        """Whether typed keys shall be kept in the system keyring."""
        return self.source is KeySource.TYPED and self._keep.isChecked() and not self._keyring_problem

    @property
    def complete(self) -> bool:
        """Whether everything that the exchange needs is there, as far as that is known without asking the keyring."""
        if self._names is None:
            return False
        if self.source is KeySource.ENVIRONMENT:
            return not self._access.missing_variables(self._exchange, self._names)
        if self.source is KeySource.TYPED:
            return all(field.text().strip() for field in self.fields.values())
        return not self._keyring_problem

    @property
    def missing(self) -> list[str]:
        """What has still to be given, by the names that are shown; empty when nothing is, or when that is not known."""
        if self._names is None:
            return []
        if self.source is KeySource.TYPED:
            return [self._words_for(name) for name, field in self.fields.items() if not field.text().strip()]
        if self.source is KeySource.ENVIRONMENT:
            return self._access.missing_variables(self._exchange, self._names)
        return []

    def set_keyring_problem(self, problem: str) -> None:
        """Say why the system's keyring cannot be used; empty when it can."""
        self._keyring_problem = problem
        self._keep.setEnabled(not problem)
        self._show()

    def focus_first(self) -> None:
        """Move the focus to the first thing to fill in here."""
        if self.source is KeySource.TYPED and self.fields:
            next(iter(self.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.buttons[self.source].setFocus(Qt.FocusReason.OtherFocusReason)

    def typed(self) -> dict[str, str]:
        """The typed keys by ccxt's names; empty when another source is chosen."""
        if self.source is not KeySource.TYPED:
            return {}
        return {name: field.text().strip() for name, field in self.fields.items()}

    def set_requirements(self, exchange: str, names: Sequence[str] | None) -> None:
        """Ask for these credentials; None while it is not known which."""
        if exchange == self._exchange and (None if names is None else tuple(names)) == self._names:
            return
        self._exchange = exchange
        self._names = None if names is None else tuple(names)
        while self._form.rowCount():
            self._form.removeRow(0)
        self.fields = {name: self._field(name) for name in self._names or ()}
        # They are made after everything below them: Tab would come to them last.
        before: QWidget = self.buttons[KeySource.TYPED]
        for each in (*self.fields.values(), self._keep):
            self.setTabOrder(before, each)
            before = each
        self._show()

    def _build(self, source: KeySource) -> None:
        group = QButtonGroup(self)
        for each, button in self.buttons.items():
            group.addButton(button)
            self.add(button)
            button.setChecked(each is source)
            button.toggled.connect(self._show)
        column = QVBoxLayout(self._typed)
        column.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(8)
        column.addLayout(self._form)
        column.addWidget(self._keep)
        self._keyring.setText(
            self.tr("They are looked for under the exchange and the account's name when you test or connect.")
        )
        for widget in (self._variables, self._keyring, self._typed, self._no_keyring):
            self.add(widget)
        self._show()

    def _field(self, name: str) -> QLineEdit:
        field = QLineEdit()
        field.setEchoMode(QLineEdit.EchoMode.Password)
        words = self._words_for(name)
        field.setAccessibleName(words)
        field.textChanged.connect(self.changed)
        label = QLabel(words)
        label.setBuddy(field)
        label.setMinimumHeight(field.sizeHint().height())
        self._form.addRow(label, field)
        return field

    def _words_for(self, name: str) -> str:
        """A credential as exchanges call it; ccxt's name where there is no better one."""
        return {
            "apiKey": self.tr("API key"),
            "secret": self.tr("Secret"),
            "password": self.tr("Passphrase"),
            "uid": self.tr("User id"),
            "walletAddress": self.tr("Wallet address"),
            "privateKey": self.tr("Private key"),
            "accountId": self.tr("Account id"),
            "login": self.tr("Login"),
            "twofa": self.tr("Two-factor secret"),
            "token": self.tr("Token"),
        }.get(name, name)

    def _show(self, *_toggled: object) -> None:
        self._variables.setVisible(self.source is KeySource.ENVIRONMENT)
        self._keyring.setVisible(self.source is KeySource.KEYRING and not self._keyring_problem)
        self._typed.setVisible(self.source is KeySource.TYPED)
        self._variables.setText(self._about_variables())
        self._keep.setVisible(bool(self.fields))
        self._no_keyring.setText(self._about_keyring())
        self._no_keyring.setVisible(bool(self._keyring_problem) and self.source is not KeySource.ENVIRONMENT)
        self.changed.emit()

    def _about_keyring(self) -> str:
        if self.source is KeySource.TYPED:
            text = self.tr("! The system keyring cannot keep them ({0}). They are used for this run only.")
        else:
            text = self.tr("! The system keyring cannot be used ({0}). Choose another source.")
        return text.format(said(self._keyring_problem))

    def _about_variables(self) -> str:
        if self._names is None:
            return self.tr("Choose the exchange first; then its variables are named here.")
        missing = self._access.missing_variables(self._exchange, self._names)
        if not missing:
            return self.tr("{0} All variables of {1} are set.").format(Status.OK.glyph, self._exchange)
        return self.tr("{0} Not set: {1}. Set them before you start the desk, or choose another source.").format(
            Status.BAD.glyph, listed(missing)
        )
