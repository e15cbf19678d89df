"""The tables of a return and of a contact clearance, the first one by stage."""
