"""`unless simulate`: what is asked, the timeline, the report, two versions beside each other."""
