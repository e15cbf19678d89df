"""The acts of the journey through a whole file: what each person does, in the order in which the work is done."""
