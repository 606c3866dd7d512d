"""The commands, a file for each group: each wires rooms together and prints."""
