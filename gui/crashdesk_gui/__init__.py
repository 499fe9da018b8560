"""The Crashdesk desktop application: the Qt face of the `crashdesk` core."""
