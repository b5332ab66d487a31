#!/bin/sh
# Installs other people's clients of the Remote Execution API, for the tests in this folder. Wants Debian 12 or later, and root.
#
#   install.sh bazel            the system's own bazel-bootstrap: 4.2.3 in Debian 12
#   install.sh forky [FOLDER]   Debian forky unpacked below a folder, with Bazel 7.7.1 and buildbox in it; the tests look where
#                               CAB_FORKY says, else in ~/.cache/cab-interoperability/forky
set -eu

mode=${1:-}
folder=${2:-${CAB_FORKY:-$HOME/.cache/cab-interoperability/forky}}

# Of what a Bazel 7 would download, these are what a C project needs; recc asks the compiler for its inputs.
bazel=bazel-bootstrap,bazel-features,bazel-platforms,bazel-skylib,bazel-rules-cc,bazel-rules-java,bazel-rules-license,bazel-rules-proto,bazel-rules-python
packages=$bazel,buildbox,ca-certificates,gcc,libc6-dev

case $mode in
bazel)
  apt-get install --yes -qq bazel-bootstrap bazel-rules-java bazel-rules-proto
  ;;
forky)
  command -v mmdebstrap >/dev/null || apt-get install --yes mmdebstrap
  mkdir -p "$(dirname "$folder")"
  # A mirror may be a snapshot, whose word on how long it is current has run out.
  mmdebstrap --variant=essential --include="$packages" --aptopt='Acquire::Check-Valid-Until "false"' \
    --aptopt='APT::Install-Recommends "false"' forky "$folder.partial"
  rm -rf "$folder"
  mv "$folder.partial" "$folder"
  ;;
*)
  sed -n '2,6s/^# \{0,1\}//p' "$0"
  exit 2
  ;;
esac
