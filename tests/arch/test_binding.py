"""PySide6 keeps Python's None alive: a version that drops a reference per call ends the program after a while."""

import subprocess
import sys

CODE = """
import sys
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PySide6.QtWidgets import QApplication, QGraphicsScene, QLabel

class Model(QAbstractTableModel):
    def rowCount(self, parent=QModelIndex()): return 1
    def columnCount(self, parent=QModelIndex()): return 1
    def data(self, index, role=Qt.ItemDataRole.DisplayRole): return None

application = QApplication([])
label, scene, model = QLabel(), QGraphicsScene(), Model()
item, index, plain = scene.addText(""), model.index(0, 0), QObject()
before = sys.getrefcount(None)
for number in range(2000):
    label.setText(str(number))
    item.setPos(number, 0)
    plain.setObjectName("")
    model.data(index)
    index.data()
print(before - sys.getrefcount(None))
"""


def test_calls_without_a_result_leave_none_alone() -> None:
    told = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    lost = int(told.stdout)
    assert lost < 100
