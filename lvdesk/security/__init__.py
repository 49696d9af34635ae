"""Who is at the desk and what each role may do."""
