"""Who somebody is. For now: the staff of the office, their passwords and what they may do."""
