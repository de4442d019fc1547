"""How Django writes days and hours where no template says how."""
