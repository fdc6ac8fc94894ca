"""What every room stands on; imports nothing, so that a light room stays light."""
