"""riskaudit."""
