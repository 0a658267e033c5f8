"""What becomes of conversations with the bot: for now, what citizens thought of its answers."""
