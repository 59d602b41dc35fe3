"""Issuing the documents of a procedure: number, words, file."""
