"""现场采录: what goes out to the field — packages, new ones, the sheets of paper and where each is."""
