#!/bin/sh
# Brings Debian packages to this machine. Prints the folder under which they stand ("/" when they were installed).
#
#   debian.sh [--unpack] DIR PACKAGE...
#
# As root it installs them. As anyone else, or with --unpack, it changes nothing outside DIR: it downloads the packages, and of their dependencies
# what the machine lacks, with apt's state and cache under DIR, and unpacks them into DIR/root. A package's program of the same name is then
# started by DIR/bin/PACKAGE, which says to the program where its libraries and fonts are.
set -eu

unpack=no
if [ "${1-}" = --unpack ]; then
	unpack=yes
	shift
fi
if [ $# -lt 2 ]; then
	echo "debian.sh: say where and what: debian.sh [--unpack] DIR PACKAGE..." >&2
	exit 2
fi
dir=$1
shift
packages=$*
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

# bring runs get, and when that fails, update and get again: the lists of packages may be fresh, missing, or so old that what they name is gone.
bring() {
	get 2>/dev/null && return
	stale=
	update || stale=yes # one source that is down need not matter
	get && return
	[ -z "$stale" ] || echo "debian.sh: the lists of packages could not be brought up to date" >&2
	exit 1
}

if [ "$(id -u)" = 0 ] && [ $unpack = no ]; then
	get() { apt-get install -y -qq --no-install-recommends $packages >&2; }
	update() { apt-get update -qq --error-on=any >&2; }
	bring
	echo /
	exit
fi

mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
root=$dir/root
mkdir -p "$dir/apt/lists/partial" "$dir/apt/cache/archives/partial" "$dir/bin" "$root"

apt() {
	apt-get -qq -o Debug::NoLocking=true -o APT::Sandbox::User="$(id -un)" -o Dir::State="$dir/apt" -o Dir::State::lists="$dir/apt/lists" \
		-o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$dir/apt/cache" "$@" >&2
}
get() { apt install --download-only -y --no-install-recommends $packages; }
update() { apt update --error-on=any; }
bring

for archive in "$dir"/apt/cache/archives/*.deb; do
	[ -e "$archive" ] || continue
	dpkg-deb -x "$archive" "$root"
	rm "$archive"
done

# Links to absolute paths mean the tree that was unpacked.
find "$root" -type l | while read -r link; do
	target=$(readlink "$link")
	case $target in
	"$root"/*) ;;
	/*) [ ! -e "$root$target" ] || ln -sfn "$root$target" "$link" ;;
	esac
done

libraries=
for folder in "$root"/usr/lib/*-linux-gnu* "$root"/lib/*-linux-gnu*; do
	[ -d "$folder" ] && libraries=$libraries${libraries:+:}$folder
done
for package in $packages; do
	for program in "$root/usr/lib/$package/$package" "$root/usr/bin/$package"; do
		[ -x "$program" ] || continue
		{
			echo '#!/bin/sh'
			echo "export LD_LIBRARY_PATH='$libraries'"
			[ ! -d "$root/etc/fonts" ] || echo "export FONTCONFIG_PATH='$root/etc/fonts'"
			[ ! -d "$root/usr/share/fonts" ] || echo "export XDG_DATA_HOME='$root/usr/share'"
			echo "exec '$program' \"\$@\""
		} >"$dir/bin/$package"
		chmod 755 "$dir/bin/$package"
		break
	done
done
echo "$root"
