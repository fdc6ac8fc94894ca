"""Checker of pages: ten classes of defect in a page about LEMS, with line numbers."""
