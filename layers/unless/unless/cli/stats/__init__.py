"""`unless stats`: what is on record of campaigns and journeys, in counts."""
