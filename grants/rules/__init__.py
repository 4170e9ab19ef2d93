"""The rules that decide what is slow and what is ending. Each has its page in docs/rules/."""
