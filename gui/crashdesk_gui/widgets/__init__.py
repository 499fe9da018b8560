"""Small widgets that the pages are composed of."""
