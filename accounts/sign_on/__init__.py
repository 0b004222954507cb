"""Single sign-on: staff come in through their organisation's OpenID provider (OIDC_ISSUER), and one emergency account
by its password (docs/adr/0021)."""
