"""The page 贯通对账: where marketing, field and GIS disagree, who corrects it, how far the station is consistent end to end."""
