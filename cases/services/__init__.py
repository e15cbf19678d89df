"""Every write to a case file. One module for each thing that people do."""
