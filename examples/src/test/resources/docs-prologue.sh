# What commands of the documentation mean in its test: HOST is the server, CP has the classes of this build.
set -euo pipefail
trap 'kill $(jobs -p) 2> /dev/null || true' EXIT

curl() {
  local args=("${@//localhost:8080/$HOST}")
  args=("${args[@]//127.0.0.1:8080/$HOST}")
  # Where a page shows no answer, a refusal is a mistake of the page.
  command curl ${MUST_SUCCEED:+--fail-with-body} "${args[@]}"
}

java() {
  if [ "$1" = -cp ]; then # The examples' jar.
    command java -cp "$CP" "$3" --url "http://$HOST" "${@:4}"
    return
  fi
  shift 2 # The server's.
  case ${1:---} in
    --*) serve "$@" ;;
    *) command java -cp "$CP" io.kenbun.lite.Main "$@" ;;
  esac
}

# Starts a server on any free port; returns once it takes requests and has said all that it says then.
serve() {
  rm -f listening
  mkfifo listening
  KENBUN_PORT=0 command java -cp "$CP" io.kenbun.lite.Main "$@" > listening &
  exec 3< listening
  local line
  read -r line <&3
  HOST=${line#Listening on http://}
  echo "$line"
  for _ in Inspector Data Credentials; do
    read -r line <&3
    echo "$line"
  done
}
