"""The rule book as data: attributes, code lists, templates; recognises a sheet by its headers and makes blank workbooks."""
