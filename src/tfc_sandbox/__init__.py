"""A loopback HCP Terraform and GitHub for the demo and the tests; never in the image."""
