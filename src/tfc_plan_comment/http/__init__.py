"""How we talk over HTTP, whoever the server is: what a request carries, how long it may take, when it is repeated."""
