"""Arabic text: character classes, views that map back, words and sentences, terminal display, finding a text again."""
