"""Item models over the answers of services; none of them sorts or filters by itself."""
