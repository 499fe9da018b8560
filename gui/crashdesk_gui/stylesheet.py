"""The little that a palette cannot say: corners, paddings, flat headers, slim scroll bars."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from crashdesk.resources import resource_path

if TYPE_CHECKING:
    from crashdesk_gui.theme import Theme

_CONTROLS = """
QPushButton, QToolButton {{
    background: {raised}; border: 1px solid {strong_border}; border-radius: 4px; padding: 4px 12px; min-height: 20px;
}}
QPushButton:hover, QToolButton:hover {{ background: {hover}; }}
QPushButton:pressed, QToolButton:pressed, QToolButton:checked {{ background: {selection}; }}
QPushButton:checked {{ background: {selection}; border-color: {accent}; }}
QPushButton:focus {{ border: 2px solid {accent}; padding: 3px 11px; }}
QPushButton:disabled, QToolButton:disabled {{ border-color: {border}; background: {window}; }}
QPushButton[kind="primary"] {{
    background: {accent_fill}; border-color: {accent_fill}; color: {on_accent}; font-weight: 600;
}}
QPushButton[kind="danger"] {{
    background: {danger_fill}; border-color: {danger_fill}; color: {on_accent}; font-weight: 600;
}}
QPushButton[kind="primary"]:hover, QPushButton[kind="danger"]:hover {{ border-color: {text}; }}
QPushButton[kind="primary"]:focus, QPushButton[kind="danger"]:focus {{ border: 3px solid {text}; padding: 2px 10px; }}
QPushButton[kind="primary"]:disabled, QPushButton[kind="danger"]:disabled {{
    background: {hover}; border-color: {border}; color: {faded}; font-weight: normal;
}}
QPushButton[kind="quiet"], QToolButton {{ background: transparent; border-color: transparent; }}
QPushButton[kind="quiet"] {{ color: {accent}; padding: 4px 8px; }}
QPushButton[kind="quiet"]:disabled {{ color: {faded}; background: transparent; border-color: transparent; }}
QPushButton[kind="quiet"]:focus {{ border: 2px solid {accent}; padding: 3px 7px; }}
QToolButton {{ padding: 4px; min-height: 16px; }}
QToolButton:focus {{ border: 2px solid {accent}; padding: 3px; }}
QToolButton[kind="choice"]:checked {{ background: {accent_fill}; color: {on_accent}; font-weight: 600; }}
QToolButton[kind="choice"]:checked:focus {{ border: 3px solid {text}; padding: 2px; }}
QLineEdit QToolButton {{ padding: 0; border: none; min-height: 0; background: transparent; }}
QToolButton::menu-indicator {{ image: none; }}
QLineEdit, QPlainTextEdit, QTextEdit {{
    background: {base}; border: 1px solid {strong_border}; border-radius: 4px; padding: 0 4px;
    selection-background-color: {selection}; selection-color: {text};
}}
QLineEdit {{ min-height: 28px; }}
QPlainTextEdit, QTextEdit {{ padding: 4px; }}
QLineEdit:focus {{ border: 2px solid {accent}; padding: 0 3px; min-height: 26px; }}
QPlainTextEdit:focus, QTextEdit:focus {{ border: 2px solid {accent}; padding: 3px; }}
QComboBox {{
    background: {raised}; border: 1px solid {strong_border}; border-radius: 4px; padding: 4px 4px 4px 9px; min-height: 20px;
}}
QComboBox:hover {{ background: {hover}; }}
QComboBox:focus {{ border: 2px solid {accent}; padding: 3px 3px 3px 8px; }}
QComboBox:disabled {{ border-color: {border}; color: {faded}; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url("{arrow}"); width: 16px; height: 16px; }}
QComboBox QAbstractItemView {{ background: {raised}; border: 1px solid {strong_border}; padding: 4px; }}
"""

_VIEWS = """
QAbstractItemView {{ border: none; outline: none; selection-background-color: {selection}; selection-color: {text}; }}
QListView::item:focus {{ border: 1px solid {accent}; border-radius: 3px; }}
QHeaderView {{ background: {base}; border: none; }}
QScrollArea {{ border: none; background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {strong_border}; border-radius: 3px; margin: 3px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSplitter::handle {{ background: transparent; }}
QSplitter::handle:hover, QSplitter::handle:pressed {{ background: {border}; }}
QProgressBar {{ background: {border}; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }}
QProgressBar::chunk {{ background: {accent_fill}; border-radius: 2px; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {strong_border}; padding: 4px 6px; }}
"""

_FRAME = """
QMenu {{ background: {raised}; border: 1px solid {strong_border}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 8px; border-radius: 4px; }}
QMenu::item:selected {{ background: {selection}; }}
QMenu::item:disabled {{ color: {faded}; }}
QMenu::item:disabled:selected {{ background: {hover}; }}
QMenu::icon {{ padding-left: 6px; }}
QMenu::separator {{ height: 1px; background: {border}; margin: 4px 8px; }}
QMenu::indicator, QCheckBox::indicator, QListWidget::indicator {{
    width: 14px; height: 14px; border: 1px solid {muted}; border-radius: 3px; background: {base};
}}
QMenu::indicator {{ margin-left: 6px; }}
QRadioButton::indicator {{ width: 14px; height: 14px; border: 1px solid {muted}; border-radius: 8px; background: {base}; }}
QMenu::indicator:checked, QCheckBox::indicator:checked, QListWidget::indicator:checked {{
    background: {accent_fill}; border-color: {accent_fill}; image: url("{check}");
}}
QRadioButton::indicator:checked {{ border: 5px solid {accent_fill}; width: 6px; height: 6px; background: {on_accent}; }}
QCheckBox, QRadioButton {{ border: 2px solid transparent; border-radius: 4px; padding: 0 2px; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {accent}; }}
QDialog#palette {{ background: {raised}; border: 1px solid {strong_border}; }}
QMenuBar {{ background: {window}; border-bottom: 1px solid {border}; padding: 1px 4px; }}
QMenuBar::item {{ padding: 4px 10px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {hover}; }}
QTabBar {{ qproperty-drawBase: 0; }}
QTabBar::tab {{
    background: transparent; color: {muted}; border: none; border-bottom: 2px solid transparent;
    padding: 10px 9px 8px 9px; margin: 0 2px;
}}
QTabBar::tab:hover {{ color: {text}; border-bottom-color: {strong_border}; }}
QTabBar::tab:selected {{ color: {text}; border-bottom-color: {accent}; }}
QTabBar::tab:disabled {{ color: {faded}; }}
QTabBar::tab:selected:focus {{
    color: {accent}; border: 2px solid {accent}; border-radius: 4px; padding: 8px 7px;
}}
QFrame#panel {{ background: {base}; border: 1px solid {border}; border-radius: 6px; }}
QFrame#panelFoot {{ border-top: 1px solid {border}; }}
QFrame#sidebar, QFrame#statusLine {{ background: {window}; }}
QFrame#sidebar {{ border-right: 1px solid {border}; }}
QFrame#statusLine {{ border-top: 1px solid {border}; }}
QFrame#tabs {{ background: {window}; border-bottom: 1px solid {border}; }}
"""


def style_sheet(theme: Theme) -> str:
    """The application's style sheet in the theme's colours."""
    colours = {field.name: getattr(theme, field.name) for field in fields(theme)}
    # A style sheet takes pictures from files alone, so the arrow and the mark it needs are there in the themes' colours.
    arrow = resource_path("icons", "arrow-dark.svg" if theme.dark else "arrow-light.svg").as_posix()
    check = resource_path("icons", "mark-checked.svg").as_posix()
    return (_CONTROLS + _VIEWS + _FRAME).format(**colours, arrow=arrow, check=check)
