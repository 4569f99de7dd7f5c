#!/bin/sh
# Build and run the image's steps in a bare Debian root, where Docker has no daemon (as root):
#     sh docs/hosting/bare-root.sh FOLDER [PORT]
# The root is mounted read-only and the app runs as user 10001, as in the container.
set -eu
root=$1 port=${2:-8501} here=$(pwd)
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
if [ ! -x "$root/usr/bin/python3.11" ]; then
  debootstrap --variant=minbase --include=python3-venv,ca-certificates bookworm "$root" "$mirror"
fi
mkdir -p "$root/source" "$root/data" "$root/opt" "$root/places"
git -C "$here" archive HEAD | tar -x -C "$root/source"
for one in ${PIP_FOLDERS:-}; do # folders that pip reads its packages from, where there is no index
  mkdir -p "$root$one" && cp -r "$one/." "$root$one/"
done
cp /etc/resolv.conf "$root/etc/resolv.conf"
[ -x "$root/opt/nhcplanner/bin/nhcplanner" ] ||
  chroot "$root" /bin/sh -c "cd /source && sh docs/hosting/install.sh /opt/nhcplanner"
cp "$root/source/docs/hosting/healthy.py" "$root/opt/nhcplanner/healthy.py"
rm -rf "$root/source"
chown 10001:10001 "$root/data" && chmod 700 "$root/data"
# A mount namespace of its own: the root read-only, /data and /tmp writable.
exec unshare --mount sh -c '
  mount --bind "$0" "$0" && mount --bind "$0/data" "$0/data"
  mount -t tmpfs -o mode=1777 tmpfs "$0/tmp" && mount -t proc proc "$0/proc"
  mount -o remount,bind,ro "$0"
  exec chroot --userspec=10001:10001 "$0" /usr/bin/env -i PATH=/opt/nhcplanner/bin:/usr/bin:/bin \
    HOME=/tmp LANG=C.UTF-8 NHCPLANNER_DATA=/data XDG_CACHE_HOME=/data/cache \
    NUMBA_CACHE_DIR=/tmp/numba MPLCONFIGDIR=/tmp/matplotlib PYTHONDONTWRITEBYTECODE=1 \
    OMP_NUM_THREADS=1 NHCPLANNER_HOSTS="${NHCPLANNER_HOSTS:-}" \
    nhcplanner app --headless --host 127.0.0.1 --port "$1"' "$root" "$port"
