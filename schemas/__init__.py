"""What is declared: vocabulary, rules, sources and curated tables. No input, no output, no computation on real data."""
