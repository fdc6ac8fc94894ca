"""What the documentation takes from the code while it is built: tables, pages, formulas and figures."""
