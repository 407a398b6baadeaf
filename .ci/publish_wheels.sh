#!/usr/bin/env bash
# Asks the package index whether the libraries of `kcdesk[publish]` have wheels for every Python and system that can publish.
set -u
cd "$(dirname "$0")/.."
packages=$(sed -n '/^publish = \[/,/^\]/s/^ *"\(.*\)",$/\1/p' pyproject.toml | sed 's/psycopg\[binary\]/psycopg-binary/')
declare -A platforms=(
  [Windows]="win_amd64"
  [macOS]="macosx_14_0_arm64 macosx_13_0_arm64 macosx_12_0_arm64 macosx_11_0_arm64"
  [Linux]="manylinux_2_28_x86_64 manylinux_2_27_x86_64 manylinux_2_26_x86_64 manylinux_2_17_x86_64 manylinux2014_x86_64"
)
missing=0
for python in ${PYTHONS:-3.11 3.12 3.13}; do
  for system in Windows macOS Linux; do
    for package in $packages; do
      named=$(printf -- '--platform %s ' ${platforms[$system]})
      # shellcheck disable=SC2086
      if ${PYTHON:-python} -m pip install --dry-run --no-deps --quiet --only-binary=:all: --python-version "$python" $named \
        --target "${TMPDIR:-/tmp}/kcdesk-wheels" "$package" >/dev/null 2>&1; then
        echo "$python $system $package: wheel"
      else
        echo "$python $system $package: none"
        missing=1
      fi
    done
  done
done
exit $missing
