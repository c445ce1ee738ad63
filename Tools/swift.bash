# Sourced by the scripts beside it: goes to the root of the tree and finds the Swift toolchain.
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v swift >/dev/null; then
  if [ -x /opt/swift/usr/bin/swift ]; then
    PATH=/opt/swift/usr/bin:$PATH
  else
    cat >&2 <<'TEXT'
The Swift toolchain is missing. Gatehouse needs Swift 6.3 or later on PATH or in /opt/swift:
download it for this system from https://www.swift.org/install/linux/, unpack it to /opt/swift,
and try again.
TEXT
    exit 1
  fi
fi

# A toolchain that is too old fails in ways that do not say so.
swift_version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p')
if [ "$(printf '%s\n6.3\n' "$swift_version" | sort -V | head -n 1)" != 6.3 ]; then
  echo "Gatehouse needs Swift 6.3 or later; $(command -v swift) is ${swift_version:-unknown}." >&2
  exit 1
fi
