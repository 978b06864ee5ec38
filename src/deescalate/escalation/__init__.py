"""Who must take a case over, why, how soon, and the route there in time."""
