"""Indicators, charts and reports over everything the station does."""
