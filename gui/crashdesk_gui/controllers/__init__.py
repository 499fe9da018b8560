"""One class per verb where a page needs more than showing: it asks, then starts the work."""
