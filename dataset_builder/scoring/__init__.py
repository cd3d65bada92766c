"""Figures over two layers of the same documents: counts first, ratios only as views of sums of counts."""
