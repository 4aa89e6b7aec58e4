"""Writes the manifest of the crate that holds the pure modules alone: what they need of the root manifest, as it says it."""

import sys
import tomllib

NEEDED = ["fastrand", "jiff", "rustc-hash", "serde", "serde_json", "thiserror", "toml", "unicode-width"]
FOR_TESTS = ["insta", "proptest"]


def value(of) -> str:
    """A value as TOML writes it."""
    if isinstance(of, dict):
        return "{ " + ", ".join(f"{key} = {value(it)}" for key, it in of.items()) + " }"
    if isinstance(of, list):
        return "[" + ", ".join(value(it) for it in of) + "]"
    if isinstance(of, bool):
        return str(of).lower()
    return f'"{of}"'


def main() -> None:
    with open(sys.argv[1], "rb") as file:
        root = tomllib.load(file)
    package = root["package"]
    print(f'[package]\nname = "{package["name"]}"\nversion = "{package["version"]}"\nedition = "{package["edition"]}"')
    print("\n[lib]\ndoctest = false\n\n[workspace]")
    for table, names in (("dependencies", NEEDED), ("dev-dependencies", FOR_TESTS)):
        print(f"\n[{table}]")
        for name in names:
            print(f"{name} = {value(root[table][name])}")
    # Dependencies are compiled once, and what they do (TOML, JSON, random cases) is a third of the tests' time.
    print('\n[profile.dev]\ndebug = false\n\n[profile.dev.package."*"]\nopt-level = 2')


main()
