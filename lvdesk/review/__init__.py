"""The two-stage review: marketing confirms accounts, then operations confirms connection points."""
