"""Systems that predict layers: each a module behind one Protocol, a row in `table.SYSTEMS`."""
