"""The telephone check-in line: rules, use-cases, models and the carrier. Knows neither Flask nor the pages."""
