"""Paints pages of ``lvdesk.kit.page`` in true millimetres: PDF, printer, preview; the same breaks and sizes on all of them."""
