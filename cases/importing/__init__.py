"""Taking over a caseload from a spreadsheet: file → rows → checked values → case files."""
