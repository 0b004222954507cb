"""In the place of the reader's process: does what its input says, and tells when it began and ended."""

import json
import sys
import time


def main() -> None:
    began, work = time.monotonic(), sys.stdin.read()
    if work == "memory":
        sys.stderr.write(str(len(bytearray(40_000_000_000))))
    time.sleep(60 if work == "for ever" else 0.4)
    sys.stdout.write(json.dumps({"refusal": f"{began} {time.monotonic()}"}))


if __name__ == "__main__":
    main()
