"""Values become Markdown and HTML here, and nowhere else."""
