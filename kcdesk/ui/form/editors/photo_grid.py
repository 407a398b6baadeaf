"""The grid of photos: thumbnails with captions, read when they become visible, ordered by drag or Alt+arrows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from PySide6.QtCore import QAbstractListModel, QBuffer, QByteArray, QMimeData, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImageReader, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from kcdesk.foreign_files.file_names import shown_name
from kcdesk.ui.form.editors.sources import StoredFile
from kcdesk.ui.toolkit.icons import icon
from kcdesk.ui.toolkit.qt import Index

THUMBNAIL = QSize(160, 120)  # pixels
_CELL = QSize(176, 164)
_LINES = 2  # of thumbnails visible without scrolling inside the grid
_KEPT = 300  # maximum number of cached thumbnails
_ROW = "application/x-kcdesk-photo"
_STEPS: dict[int, int] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class PhotoModel(QAbstractListModel):
    """The photos of one field, in their order.

    Signals:
        moved: move a photo; carries its old and its new place.
    """

    moved = Signal(int, int)

    def __init__(self, read: Callable[[StoredFile], bytes]) -> None:
        super().__init__()
        self.files: list[StoredFile] = []
        self.editable = True
        self._thumbnail = lru_cache(maxsize=_KEPT)(lambda sha256: _thumbnail(read({"sha256": sha256})))

    def show(self, files: list[StoredFile]) -> None:
        """Show these photos; only changed ones are drawn again."""
        if [file["id"] for file in files] == [file["id"] for file in self.files]:
            self.files = files
            if files:
                self.dataChanged.emit(self.index(0), self.index(len(files) - 1))
            return
        self.beginResetModel()
        self.files = files
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of photos."""
        return 0 if parent.isValid() else len(self.files)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object | None:
        """Return the thumbnail, the caption, or the file name."""
        file = self.files[index.row()]
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnail(file["sha256"])
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{index.row() + 1}. {file.get('caption') or 'chưa có chú thích'}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return shown_name(str(file.get("original_name", file["name"])))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Allow photos to be dragged and dropped between photos."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not self.editable:
            return flags
        return flags | (Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.ItemIsDropEnabled)

    def mimeTypes(self) -> list[str]:
        """Return the one type that is dragged: the place of a photo."""
        return [_ROW]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the place of the dragged photo."""
        data = QMimeData()
        data.setData(_ROW, QByteArray(str(indexes[0].row()).encode()))
        return data

    def supportedDropActions(self) -> Qt.DropAction:
        """Return the move action."""
        return Qt.DropAction.MoveAction

    def dropMimeData(self, data: QMimeData, _action: Qt.DropAction, row: int, _column: int, parent: Index) -> bool:
        """Emit `moved` for a dropped photo; the editor moves it, so the view must not remove anything."""
        if data.hasFormat(_ROW):
            place = int(data.data(_ROW).data())
            target = row if row >= 0 else parent.row() if parent.isValid() else len(self.files)
            self.moved.emit(place, target - 1 if target > place else target)
        return False


class PhotoGridView(QListView):
    """Thumbnails from left to right.

    Signals:
        entered: Enter was pressed on a photo; focus its caption.
        removed: Delete was pressed on a photo.
        shifted: Alt+arrow was pressed on a photo; carries -1 or 1.
    """

    entered = Signal()
    removed = Signal()
    shifted = Signal(int)

    def __init__(self, model: PhotoModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setIconSize(THUMBNAIL)
        self.setGridSize(_CELL)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Snap)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)

    def fit(self) -> None:
        """Set the height to the photos' lines, up to the maximum."""
        across = max(1, self.viewport().width() // _CELL.width())
        lines = -(-self.model().rowCount() // across)
        self.setFixedHeight(min(lines, _LINES) * _CELL.height() + 2 * self.frameWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the height: another width gives other lines."""
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Order photos with Alt+arrows, remove with Delete, go to the caption with Enter."""
        key = event.key()
        if not self.currentIndex().isValid():
            super().keyPressEvent(event)
        elif key in _STEPS and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.shifted.emit(_STEPS[key])
        elif key == Qt.Key.Key_Delete:
            self.removed.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


def _thumbnail(content: bytes) -> QIcon:
    """Return the picture decoded at thumbnail size; an icon when its content is missing."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(size.scaled(THUMBNAIL * 2, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read() if content else None
    if image is None or image.isNull():
        return icon("image")
    return QIcon(QPixmap.fromImage(image))
