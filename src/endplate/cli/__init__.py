"""The command line: one file per verb; `main` turns every error into a sentence and an exit code."""
