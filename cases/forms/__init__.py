"""What people type. One module for each kind of page."""
