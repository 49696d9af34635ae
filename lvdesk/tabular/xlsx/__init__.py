"""Workbooks of the xlsx family, read block by block as they are inflated."""
