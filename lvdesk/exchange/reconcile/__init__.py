"""Three-way reconciliation: marketing × field × GIS against the accepted base, attribute by attribute, each difference with its number."""
