#!/usr/bin/env bash
# Lays a real Elasticsearch node out of Maven Central's artefacts: install.sh FOLDER. Needs JDK 17 and Maven.
# The layout is that of the official distribution, as far as the artefacts go: lib/, modules/, plugins/, config/.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
home=$1
made=$(cat "$here/install.sh" "$here/pom.xml" "$here"/src/main/java/vigie/*.java | sha256sum)
test "$(cat "$home/installed" 2>/dev/null)" != "$made" || exit 0

rm -rf "$home"
mkdir -p "$home"/{lib,plugins,config,classes} "$home/modules/transport-netty4"
mvn --quiet --batch-mode --file "$here/pom.xml" -DoutputDirectory="$home/lib" \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies
mv "$home"/lib/netty-*.jar "$home"/lib/transport-netty4-*.jar "$home/modules/transport-netty4/"
version=$(basename "$home"/lib/elasticsearch-core-*.jar .jar | sed 's/.*-//')
cat > "$home/modules/transport-netty4/plugin-descriptor.properties" <<END
name=transport-netty4
description=HTTP for the node
version=$version
elasticsearch.version=$version
java.version=17
classname=org.elasticsearch.transport.netty4.Netty4Plugin
END
javac -d "$home/classes" -cp "$home/lib/*" "$here"/src/main/java/vigie/*.java
echo "$made" > "$home/installed"
