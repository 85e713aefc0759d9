"""Where an activity can be held. The names of states and countries are code lists."""

USA = "USA"  # the one country whose places have a state
