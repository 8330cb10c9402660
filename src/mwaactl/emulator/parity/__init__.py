"""The statement of parity: what equals AWS, what differs and what is refused."""
