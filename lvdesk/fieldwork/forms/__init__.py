"""Paper forms: each is a file in ``resources/forms``; where everything lies on the paper follows from it and the sheet's QR alone."""
