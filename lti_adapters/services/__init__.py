"""The platform's services, as programs ask them: grades, class lists, tokens, and what is sent again."""
