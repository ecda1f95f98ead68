"""What is said on each leg and which keys it asks for, as steps. Says nothing about what a key does."""
