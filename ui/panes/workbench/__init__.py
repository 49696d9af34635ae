"""工作台: what there is, what waits, what to do next."""
