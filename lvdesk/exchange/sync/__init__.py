"""Station-line-transformer sync (站线变同步): which substation, feeder and transformer of PMS and GIS is which of ours, what changed."""
