"""Bringing a store and its exchange together: by itself where the keys are known, by a dialog where they are not."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from crashdesk.config import AccountMode, StoreManifest
from crashdesk.demo.endpoint import demo_credentials
from crashdesk.errors import CrashdeskError
from crashdesk.exchange.connect import ExchangeCredentials
from crashdesk.exchange.permissions import KeyPermissions
from crashdesk.exchange.protocol import Exchange
from crashdesk_gui.connection import (
    Connection,
    ExchangeAccess,
    KeySource,
    connection_from,
    connection_of,
    connection_text,
    permissions_of,
)
from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import explain
from crashdesk_gui.jobs import JobRunner, Progress
from crashdesk_gui.session import StoreSession

if TYPE_CHECKING:
    from crashdesk_gui.views.connect_dialog import ConnectDialog

OpenExchange = Callable[[StoreManifest], Exchange]
_SETTING = "connection"
_log = logging.getLogger(__name__)


class Connecting(QObject):
    """Opens exchanges for sessions, in the background.

    With `open_exchange` it alone decides how. Signals: `connected(StoreSession)` after the session has its exchange,
    `failed(StoreSession, Exception)` when the operator asked for it and it could not be opened, `absence_changed(StoreSession)`
    when it could not be connected by itself.
    """

    connected = Signal(object)
    failed = Signal(object, object)
    absence_changed = Signal(object)

    def __init__(
        self,
        ui: UiContext,
        access: ExchangeAccess,
        open_exchange: OpenExchange | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._ui = ui
        self._access = access
        self._open_exchange = open_exchange
        self._live: dict[str, bool] = {}
        self._absent: dict[str, str] = {}
        self.lookups = JobRunner(self)
        self.reads = JobRunner(self)
        self.dialog: ConnectDialog | None = None

    def live(self, session: StoreSession) -> bool | None:
        """Whether the session's account is live; None while no exchange is connected."""
        return self._live.get(session.key) if session.exchange is not None else None

    def absence(self, session: StoreSession) -> str:
        """Why the session was not connected by itself; empty when it was, or when nothing says to what."""
        return self._absent.get(session.key, "") if session.exchange is None else ""

    def connect_known(self, session: StoreSession) -> None:
        """Connect what the manifest or an earlier choice names, if its keys can be found; else stay unconnected."""
        manifest = self._known_manifest(session)
        remembered = connection_from(self._ui.settings.text(session.key, _SETTING))
        if remembered is not None and remembered.source is KeySource.TYPED and not manifest.endpoint:
            text = self.tr("The keys of {0} were typed for one run. Type them again, or keep them in the keyring.")
            told = f"its keys for {remembered.exchange} were typed for one run."
            self._miss(session, text.format(remembered.exchange), told)
        elif manifest.exchange:
            self._run(session, manifest, lambda error: self._miss(session, explain(error).title, str(error)))

    def ask(self, session: StoreSession, parent: QWidget) -> None:
        """Let the operator choose; an account that `open_exchange` or an endpoint decides is opened without asking.

        Where the demonstration's own exchange is open already, only that is said: no other one belongs to its store.
        """
        manifest = _manifest_of(session)
        if self._open_exchange is None and manifest.endpoint and session.exchange is not None:
            self._explain_endpoint(manifest, parent)
            return
        if self._open_exchange is not None or manifest.endpoint:
            self._run(session, manifest, lambda error: self.failed.emit(session, error))
            return
        # Imported when it is wanted: the start of the desk does not wait for it.
        from crashdesk_gui.views.connect_dialog import ConnectDialog

        remembered = connection_from(self._ui.settings.text(session.key, _SETTING))
        dialog = ConnectDialog(
            self._ui,
            manifest,
            remembered or connection_of(manifest),
            self._access,
            lookups=self.lookups,
            reads=self.reads,
            parent=parent,
        )
        dialog.chosen.connect(lambda *choice: self._take_choice(session, *choice))
        dialog.finished.connect(self._forget_dialog)
        self.dialog = dialog
        dialog.open()

    def _explain_endpoint(self, manifest: StoreManifest, parent: QWidget) -> None:
        box = QMessageBox(parent)
        self._ui.themes.dress(box)
        box.setIcon(QMessageBox.Icon.Information)
        box.setWindowTitle(self.tr("Connect an exchange"))
        box.setText(self.tr("This store belongs to the demonstration's own exchange."))
        box.setInformativeText(
            self.tr(
                "It stands for {0}, lives as long as the demonstration, and no other exchange knows its orders. To connect "
                "an account of yours, open the store of your bot."
            ).format(manifest.exchange)
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def close(self) -> None:
        """End what is under way (bounded)."""
        self.lookups.close()
        self.reads.close()

    def _known_manifest(self, session: StoreSession) -> StoreManifest:
        manifest = _manifest_of(session)
        remembered = connection_from(self._ui.settings.text(session.key, _SETTING))
        if manifest.endpoint or remembered is None or self._open_exchange is not None:
            return manifest
        return remembered.manifest(manifest) if remembered.source is not KeySource.TYPED else manifest

    def _run(
        self, session: StoreSession, manifest: StoreManifest, on_problem: Callable[[CrashdeskError], object]
    ) -> None:
        def work(_progress: Progress) -> Exchange:
            if self._open_exchange is not None:
                return self._open_exchange(manifest)
            credentials = demo_credentials(manifest.exchange) if manifest.endpoint else self._access.find(manifest)
            return self._access.open(manifest, credentials)

        def failed(error: Exception) -> None:
            if not isinstance(error, CrashdeskError):
                raise error
            on_problem(error)

        self.lookups.run(
            work,
            title=self.tr("Opening {0}").format(manifest.exchange),
            on_done=lambda exchange: self._take(session, exchange, manifest.mode is AccountMode.LIVE),
            on_failed=failed,
            owner=session,
        )

    def _take_choice(
        self, session: StoreSession, connection: Connection, keys: ExchangeCredentials, permissions: KeyPermissions
    ) -> None:
        self._ui.settings.set_text(session.key, _SETTING, connection_text(connection))
        try:
            exchange = self._access.open(connection.manifest(_manifest_of(session)), keys)
        except CrashdeskError as error:
            self.failed.emit(session, error)
        else:
            self._take(session, exchange, connection.mode is AccountMode.LIVE, permissions)

    def _take(
        self, session: StoreSession, exchange: Exchange, live: bool, permissions: KeyPermissions | None = None
    ) -> None:
        self._live[session.key] = live
        self._absent.pop(session.key, None)
        session.connect_exchange(exchange)
        if permissions is None:
            self._ask_permissions(session, exchange)
        else:
            session.set_permissions(permissions)
        self.connected.emit(session)

    def _ask_permissions(self, session: StoreSession, exchange: Exchange) -> None:
        """Find out in the background what the key may do; until then it counts as unknown."""

        def told(permissions: KeyPermissions) -> None:
            if session.exchange is exchange:
                session.set_permissions(permissions)

        self.reads.run(
            lambda _progress: permissions_of(exchange),
            title=self.tr("Asking what the key may do"),
            on_done=told,
            owner=session,
        )

    def _miss(self, session: StoreSession, reason: str, told: str) -> None:
        """`told` is the reason for the log, which is English."""
        _log.info("%s was not connected to its exchange by itself: %s", session.view.name, told)
        self._absent[session.key] = reason
        self.absence_changed.emit(session)

    def _forget_dialog(self, _result: int) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None


def _manifest_of(session: StoreSession) -> StoreManifest:
    return session.view.manifest or StoreManifest(bot=session.view.name)
