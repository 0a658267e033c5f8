"""The shared kernel: values and ports every part may use; it imports nothing else of ours."""
