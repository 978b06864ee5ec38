"""Public Hypothesis strategies and laws, a module for each room."""
