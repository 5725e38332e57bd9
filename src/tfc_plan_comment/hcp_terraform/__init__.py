"""The edge to HCP Terraform: all that talks to it, and nothing else."""
