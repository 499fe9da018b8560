"""Work that waits for the window's next turn, so that a click or a frame comes in between."""

from PySide6.QtCore import QObject, QTimer, Signal


class NextTurn(QObject):
    """Signals: `came()`, once, in a turn of the window behind the one in which `start` was called.

    A timer of 0 ms that a posted event starts rings in the same turn as the event; one that such a timer starts does not.
    """

    came = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._this = QTimer(self, singleShot=True, interval=0)
        self._next = QTimer(self, singleShot=True, interval=0)
        self._this.timeout.connect(self._next.start)
        self._next.timeout.connect(self.came)

    def start(self) -> None:
        """Wait; from the beginning where it waits already."""
        self._next.stop()
        self._this.start()

    def stop(self) -> None:
        """Wait no more."""
        self._this.stop()
        self._next.stop()
