"""The story of one step: find the run, wait, read, report, publish. The only room that knows both edges."""
