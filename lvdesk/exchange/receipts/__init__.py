"""Receipts: what marketing and GIS answered to a package, identifiers with their past, rejects as work for the right desk."""
