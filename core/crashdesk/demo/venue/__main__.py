"""Run the embedded exchange as a process: settings on standard input, address on standard output."""

import sys

from crashdesk.demo.venue.process import serve_until_input_ends

if __name__ == "__main__":
    sys.exit(serve_until_input_ends())
