#!/bin/sh
# Installs a release of terraform-provider-konnect where there is no Go: downloads the archive for this machine, holds
# it against the release's checksums, and unpacks the program, and nothing else.
#
#   curl -fsSL https://raw.githubusercontent.com/openkonnect/terraform-provider-konnect/main/install.sh | sh
#
# In the environment: VERSION, such as 1.2.0 (the latest release); FOLDER, where the program goes ($HOME/.local/bin);
# RELEASES, where releases are, for a mirror of one's own.
set -eu

name=terraform-provider-konnect
releases=${RELEASES:-https://github.com/openkonnect/$name/releases}
folder=${FOLDER:-$HOME/.local/bin}

stop() {
  echo "install: $*" >&2
  exit 1
}

# system and machine are this machine in the words of archives' names.
system() {
  case $(uname -s) in
    Linux) echo linux ;;
    Darwin) echo darwin ;;
    FreeBSD) echo freebsd ;;
    *) stop "there is no archive for $(uname -s) here; the releases at $releases have those for Windows" ;;
  esac
}

machine() {
  case $(uname -m) in
    x86_64 | amd64) echo amd64 ;;
    aarch64 | arm64) echo arm64 ;;
    i?86) echo 386 ;;
    armv6* | armv7*) echo arm ;;
    *) stop "there is no archive for $(uname -m)" ;;
  esac
}

# latest asks where the latest release is: the address ends with its tag.
latest() {
  address=$(curl -fsSL -o /dev/null -w '%{url_effective}' "$releases/latest") || stop "no release at $releases/latest"
  case $address in
    */tag/v*) echo "${address##*/tag/v}" ;;
    *) stop "$releases/latest leads to $address, which names no version; say which: VERSION=1.2.0" ;;
  esac
}

# fetch downloads a file of the release into the working folder.
fetch() {
  curl -fsSL -o "$work/$1" "$releases/download/v$version/$1" || stop "cannot download $releases/download/v$version/$1"
}

digest() {
  if command -v sha256sum >/dev/null; then
    sha256sum "$1"
  else
    shasum -a 256 "$1"
  fi | cut -d ' ' -f 1
}

# All of it is a function, so that a script that was cut off on its way does nothing.
main() {
  for program in curl unzip; do
    command -v "$program" >/dev/null || stop "$program is needed"
  done
  os=$(system)
  arch=$(machine)
  version=${VERSION:-$(latest)}
  version=${version#v}
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  archive=${name}_${version}_${os}_${arch}.zip
  sums=${name}_${version}_SHA256SUMS
  fetch "$sums"
  want=$(awk -v file="$archive" '$2 == file { print $1 }' "$work/$sums")
  [ -n "$want" ] || stop "release $version has no archive for $os on $arch"
  fetch "$archive"
  [ "$(digest "$work/$archive")" = "$want" ] || stop "$archive is not what the release's checksums say: nothing was installed"
  unzip -q "$work/$archive" "${name}_v$version" -d "$work"
  mkdir -p "$folder"
  chmod 755 "$work/${name}_v$version"
  mv -f "$work/${name}_v$version" "$folder/$name"
  echo "$("$folder/$name" version) is installed as $folder/$name"
}

main
