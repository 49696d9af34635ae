"""One file per form of export, each with its ``FORMAT``; files that begin with an underscore help several of them."""
