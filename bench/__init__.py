"""Speed, as ratios to a floor and to peers measured in the same run. `make bench` runs every module named below."""
