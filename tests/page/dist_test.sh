#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the page from its source and compares it with the committed dist; its calls are held to
# openapi.json's types, its sources to TypeScript and Svelte: dist_test.sh SOURCE BUILD
# Exits with 77, and says why, where the packages are not there: scripts/page --packages takes them.
set -eu
source=$1
modules=$2/page/node_modules
web=$source/apps/facet-server/web
if ! command -v node >/dev/null || ! cmp -s "$web/package-lock.json" "$modules/installed-lock.json"; then
  echo "skipped: the packages that build the page are not there: run scripts/page --packages"
  exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/facet-server"
cp -r "$source/apps/facet-server/openapi.json" "$work/facet-server/"
mkdir "$work/facet-server/web"
for part in src public index.html package.json svelte.config.js tsconfig.json vite.config.ts \
  bundled_licences.js; do
  cp -r "$web/$part" "$work/facet-server/web/"
done
ln -s "$modules" "$work/facet-server/web/node_modules"
cd "$work/facet-server/web"
npm run --silent types >/dev/null
npm run --silent check
npm run --silent build
diff -r dist "$web/dist" >/dev/null || {
  diff -rq dist "$web/dist" || true
  echo "dist is not what the source builds: run scripts/page"
  exit 1
}
