"""What the office does, one folder a domain, the same file names in each."""
