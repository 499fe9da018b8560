"""A column of which one part gives way while there is too little height for all of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget


class LowColumn(QWidget):
    """Lays its parts out by the layout that it is given; `giving_way` hides where the others would be cut."""

    def __init__(self, giving_way: QWidget) -> None:
        super().__init__()
        self._giving_way = giving_way

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._share_height()
        return super().event(event)

    def _share_height(self) -> None:
        layout = self.layout()
        if layout is None:
            return
        part = self._giving_way
        needed = layout.minimumSize().height()
        if part.isHidden():
            needed += part.minimumSizeHint().height() + layout.spacing()
        part.setHidden(needed > self.height())
