#!/usr/bin/env bash
# Replays a million real events through the SDK into a fresh lite server and proves that none is
# lost, doubled or scored wrong.
#
#   examples/oulad.sh [--half-life] DATA_DIR
#
# DATA_DIR is a folder with oulad-events.csv.gz and oulad-learners.csv.gz. With --half-life every
# rule has a half-life of 14 days, and scores are compared at three moments of a test clock.
# Prints PASS or FAIL for each claim, and the figures. Ends with 1 if any claim fails.
set -euo pipefail

half_life=
if [ "${1:-}" = --half-life ]; then half_life=14; shift; fi
[ $# -eq 1 ] || { echo "usage: examples/oulad.sh [--half-life] DATA_DIR" >&2; exit 2; }
data=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
server_jar=kenbun-server-lite/target/kenbun-server-lite.jar
examples_jar=examples/target/examples.jar
if [ ! -f "$server_jar" ] || [ ! -f "$examples_jar" ]; then
  mvn -B -ntp -q -Dmaven.test.skip=true package
fi

work=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server" || true; fi
  rm -rf "$work"
}
trap finish EXIT

peak_mib() { # of a running process, where the system tells
  awk '/^VmHWM:/ { print int($2 / 1024) }' "/proc/$1/status" 2>/dev/null || true
}

config=examples/oulad-config.json
if [ -n "$half_life" ]; then
  config=$work/config.json
  sed "s/\"weight\": [0-9]*/&, \"half_life_days\": $half_life/" examples/oulad-config.json > "$config"
fi

started=$(date +%s%N)
java -Xmx256m -jar "$server_jar" --data "$work/data" --port 0 --config "$config" ${half_life:+--test-clock} \
  > "$work/server.out" 2> "$work/server.err" &
server=$!
until url=$(sed -n 's/^Listening on //p' "$work/server.out") && [ -n "$url" ]; do
  kill -0 "$server" 2>/dev/null || { cat "$work/server.err" >&2; server=; exit 1; }
  sleep 0.05
done
echo "Server on $url after $((($(date +%s%N) - started) / 1000000)) ms"

replay() {
  java -Xmx128m -cp "$examples_jar" io.kenbun.examples.replay.Replay --url "$url" \
    --mapping examples/oulad.properties --in-flight 64 --drain "$@" "$data/oulad-events.csv.gz"
}

failed=0
echo; echo "The whole file:"
replay || failed=1
echo "$(printf %13s "$(peak_mib "$server")") MiB peak memory of the server"
if [ -n "$half_life" ]; then
  echo
  java -cp "$examples_jar" io.kenbun.examples.oulad.HalfLifeCheck "$url" "$data" || failed=1
else
  echo; echo "Only events before day 28, into a unit of their own:"
  replay --ou unit_first_days --only 'date<28' || failed=1

  echo
  java -cp "$examples_jar" io.kenbun.examples.oulad.OuladCheck "$url" "$data" || failed=1
fi
echo
echo "Peak memory of the server, checks included: $(peak_mib "$server") MiB"
[ "$failed" -eq 0 ] && echo "PASS" || echo "FAIL"
exit "$failed"
