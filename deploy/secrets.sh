#!/bin/sh
# Makes what docker-compose.yml reads as secrets, in deploy/secrets/, each once: what is there stays. The folder is its
# owner's alone; the files in it can be read by the containers' users, who are others.
set -eu
umask 077
folder="$(dirname "$0")/secrets"
mkdir -p "$folder"
random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
keep() {
    if [ ! -s "$folder/$1" ]; then
        printf '%s' "$2" > "$folder/$1"
        chmod 644 "$folder/$1"
        echo "made $folder/$1"
    fi
}
secret() { cat "$folder/$1"; }

for name in secret_key postgres_password database_password database_owner_password database_reader_password redis_password; do
    keep "$name" "$(random)"
done
keep database_url "postgres://wsis:$(secret database_password)@db:5432/wsis"
keep database_owner_url "postgres://wsis_owner:$(secret database_owner_password)@db:5432/wsis"
keep redis_url "redis://:$(secret redis_password)@redis:6379/0"
