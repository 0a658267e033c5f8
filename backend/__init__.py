"""What we do, and the program that runs it."""
