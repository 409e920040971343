"""What the association can do, without any screen or HTTP."""
