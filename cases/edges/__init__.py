"""The state machines of the case file, each as one table of edges."""
