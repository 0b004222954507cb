"""What a stakeholder's browser reaches. Each view takes a `Visit` and is a guard, a form, a verb and a redirect."""
