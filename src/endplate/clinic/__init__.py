"""The clinic: knowledge and rules that a clinician can check line by line; pure, and light to import."""
