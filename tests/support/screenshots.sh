#!/usr/bin/env bash
# `make screenshots`: the browser tests' own pictures, and a page that shows them side by side.
set -euo pipefail
cd "$(dirname "$0")/../.."

export BUSBAR_SCREENSHOTS="$PWD/var/screenshots"
rm -rf "$BUSBAR_SCREENSHOTS"
tests/support/services.sh install
BUSBAR_PROFILES=embedded tests/support/services.sh run tests/support/suite.sh --test spec browser::pages

cd "$BUSBAR_SCREENSHOTS"
{
    echo '<!doctype html><meta charset="utf-8"><title>Contact sheet</title>'
    echo '<style>body{font:14px sans-serif;background:#888}h2{clear:both}figure{float:left;width:300px;height:420px;overflow:hidden;margin:6px}img{width:100%}</style>'
    for page in $(ls | sed -n 's/^eon\(.*\)-1280-light\.png$/\1/p;s/^pre\(.*\)-1280-light\.png$/\1/p;s/^cez\(.*\)-1280-light\.png$/\1/p' | sort -u) ''; do
        echo "<h2>${page:-home}</h2>"
        for picture in *[a-z0-9]"$page"-{1280,390}-{light,dark}.png; do
            [ -f "$picture" ] && echo "<figure><figcaption>$picture</figcaption><img src=\"$picture\" loading=\"lazy\" alt=\"\"></figure>"
        done
    done
} >index.html
echo "pictures and index.html are in $BUSBAR_SCREENSHOTS"
