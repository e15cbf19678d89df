"""What must hold before a step is taken. Each guard names its source and the page where it can be satisfied."""
