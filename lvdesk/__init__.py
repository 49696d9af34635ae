"""营配网格工作台: everything but the window. Never imports Qt."""

__version__ = "0.1.0"
