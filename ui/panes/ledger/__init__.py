"""台账: ledger files in, the network as tree and tables, one record with everything known of it."""
