"""The groups of `banshitong` commands; `backend.cli` puts them together."""
