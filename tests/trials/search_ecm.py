"""The ECM classifier of `recordlinkage` over given pairs; run by `search_linkage` in an environment of its own."""

import json
import sys

import pandas
import recordlinkage


def main() -> None:
    asked = json.load(sys.stdin)
    people = pandas.read_csv(asked["path"], dtype=str, skipinitialspace=True).set_index("rec_id")
    pairs = pandas.MultiIndex.from_tuples([tuple(pair) for pair in asked["pairs"]])
    compare = recordlinkage.Compare()
    for column in ("given_name", "surname"):
        compare.string(column, column, method="jarowinkler", threshold=0.85)
    for column in ("date_of_birth", "soc_sec_id"):
        compare.exact(column, column)
    found = recordlinkage.ECMClassifier().fit_predict(compare.compute(pairs, people))
    json.dump([list(pair) for pair in found], sys.stdout)


if __name__ == "__main__":
    main()
