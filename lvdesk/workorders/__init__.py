"""Work orders: one order, one platform, one face, one visit."""
