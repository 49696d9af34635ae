"""What goes out to the field and what comes back: packages, paper forms, sheets."""
