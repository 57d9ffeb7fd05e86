#!/usr/bin/env bash
# What a power cut leaves of a local account: power-cut.sh DLT.DLL SECONDS RUNS. Needs root, as it mounts disk images (ext4 with its defaults).
# Loads two rows RUNS times onto a disk of its own, waits SECONDS after the last run, takes what has reached that disk by then (the rest is lost, as with the power), and goes on from there.
set -u
cli=$1; seconds=$2; runs=$3
work=$(mktemp -d); cd "$work" || exit 1; mkdir live after
trap 'cd /; umount "$work/live" "$work/after" 2>/dev/null; rm -rf "$work"' EXIT
load() { dotnet exec "$cli" load events.jsonl --dataset web --table events --quiet --local; }
count() { dotnet exec "$cli" query web "SELECT count(*) FROM $1" --local 2>&1 | tail -2 | head -1 | tr -d ' '; }
dd if=/dev/zero of=disk.img bs=1M count=128 2>/dev/null && mkfs.ext4 -q disk.img && mount -o loop disk.img live || { echo "cannot mount"; exit 0; }
mkdir live/w; printf '{"id":1,"tags":["x"]}\n{"id":2}\n' > live/w/events.jsonl; sync -f live
export DLT_DATA_DIR=$work/live/w/data
for _ in $(seq "$runs"); do (cd live/w && load) || exit 1; done
sleep "$seconds"; cp disk.img cut.img
umount live; mount -o loop cut.img after && cd after/w || { echo "cannot mount"; exit 0; }
export DLT_DATA_DIR=$work/after/w/data
echo "empty files: $(find . -type f -size 0 ! -name .lock ! -name lock ! -name '*-wal' ! -name '*-shm' | wc -l)"
echo "events before the next run: $(count events)"
load || exit 1
echo "events after the next run: $(count events)"
echo "loads after the next run: $(count _dlt_loads)"
