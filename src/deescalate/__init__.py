"""De-escalation primitives: small parts that stand alone and fit together."""
