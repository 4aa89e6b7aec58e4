"""Says how many of the viable mutants were caught; fails if it is a smaller percentage than the least that is given."""

import json
import sys


def main() -> int:
    with open(sys.argv[1], encoding="utf-8") as file:
        outcomes = json.load(file)
    least = float(sys.argv[2])
    caught = outcomes["caught"] + outcomes["timeout"]
    viable = caught + outcomes["missed"]
    if viable == 0:
        return 0
    percentage = 100 * caught / viable
    unviable = outcomes["unviable"]
    print(f"{caught} of {viable} viable mutants caught ({percentage:.0f} %); {unviable} did not compile")
    return 0 if percentage >= least else 1


sys.exit(main())
