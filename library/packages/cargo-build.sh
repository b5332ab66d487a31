# Builds the crate at $source, and installs its executables to $out/bin.
if ! command -v cargo >/dev/null; then
  echo "cargoBuild needs Rust on the machine that builds: install it with rustup, or apt-get install cargo" >&2
  exit 1
fi

cp -R "$source" /build/source
chmod -R u+w /build/source
cd /build/source

export CARGO_HOME=/build/cargo CARGO_INCREMENTAL=0 CARGO_TERM_COLOR=never
export RUSTFLAGS="--remap-path-prefix=/build/source=. ${RUSTFLAGS-}"

build() {
  cargo "$@" --offline --release --target-dir /build/target --jobs "$CAB_CORES" ${features:+--features "$features"}
}

build build
if [ -n "$check" ]; then build test; fi

mkdir -p "$out/bin"
installed=0
for file in /build/target/release/*; do
  if [ -f "$file" ] && [ -x "$file" ] && [ "${file%.so}" = "$file" ]; then
    cp "$file" "$out/bin/"
    installed=$((installed + 1))
  fi
done
if [ "$installed" = 0 ]; then
  echo "the crate has no executables to install" >&2
  exit 1
fi
