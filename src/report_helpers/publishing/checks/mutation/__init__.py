"""The code of the manuscript run again with other patients: numbers that stand still are no results."""
