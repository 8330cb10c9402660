"""Permissions in force: what a request asks for, which policies apply, and the answer to a denied one."""
