#!/bin/sh
# SPDX-License-Identifier: ISC
# Installs the Debian packages named as arguments that are not there yet.  No
# service is started by their installation: the tests bring up their own.
set -eu

missing=
for package in "$@"; do
	state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
	[ "$state" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "missing packages:$missing" >&2
		echo "become root or install sudo, then run this again" >&2
		exit 1
	fi
	as_root=sudo
fi

policy=/usr/sbin/policy-rc.d
mine=
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
	$as_root chmod 755 "$policy"
	mine=yes
fi
trap '[ -z "$mine" ] || $as_root rm -f "$policy"' EXIT INT TERM

echo "installing:$missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086 # the list is split on purpose
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	--no-install-recommends $missing </dev/null >/dev/null
