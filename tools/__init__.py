"""What the repository needs and the package does not: checks of the house, a server for reports."""
