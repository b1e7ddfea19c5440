"""Files of answers as cells of text: one module for each kind of file."""
