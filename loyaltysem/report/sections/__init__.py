"""The sections of a report: each turns results into headings, sentences and tables."""
