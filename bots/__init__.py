"""The programs: who is served, with what. The top floor; nothing imports it but the tests."""
