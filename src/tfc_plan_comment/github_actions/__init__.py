"""The edge to GitHub: the event, the comment, outputs, step summary and annotations."""
