"""The 站-线-变-箱-户 model: tables, identifiers, owners of attributes, questions to it."""
