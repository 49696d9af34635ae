"""Network changes (异动): begun on one side, carried to the others, closed when identifiers and relations agree."""
