"""Raw articles to `Article`: plain text, HTML, JSONL, CSV, Parquet, TREC-like SGML, WARC, RSS and Atom."""
