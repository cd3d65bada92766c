"""`llm`: a language model behind any server that speaks OpenAI's chat protocol, asked for all layers at once."""
