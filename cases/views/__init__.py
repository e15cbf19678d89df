"""Pages of the case file. Each is: load (404), permission (403), form, one service, respond."""
