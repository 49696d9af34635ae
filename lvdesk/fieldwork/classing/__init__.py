"""Holds rows of field results against the accepted state and says how they differ; pure functions on frames of one ``Station``."""
