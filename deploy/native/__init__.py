"""Private servers on this machine, for tests, benchmarks and fault tests, and the whole of Wardenry over them."""
