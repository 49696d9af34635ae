"""The other formats: each file knows one of them and gives rows of texts."""
