"""The rule engine: every fault of a station's data found, explained, fixed or excepted."""
