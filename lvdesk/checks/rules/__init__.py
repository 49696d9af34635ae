"""The rules: one file each, or one a family where a rule is a line; each file has ``RULES``. Found by being here."""
