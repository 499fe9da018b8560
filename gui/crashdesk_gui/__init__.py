"""The Qt desk of Crashdesk."""
