"""Reading a store for the desk, in a worker thread: the answer first, the rest in slices, and later only what is new."""
