# shellcheck shell=bash disable=SC2034
# What the scripts of this folder share; they read it in the root of the source tree.

suite=trixie
jdk=openjdk-25-jdk-headless
# What jdeps finds, without the modules that only plug-ins of Log4j need that are not used here: java.scripting,
# java.compiler, java.rmi. Log4j and Jackson need java.desktop for java.beans: its native code is left out.
modules=java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,java.xml
modules=$modules,jdk.jfr,jdk.management,jdk.net,jdk.unsupported
left_out=/java.desktop/lib/**,/java.desktop/conf/**

cache=${PENSTOCK_PACKAGING_CACHE:-$HOME/.cache/penstock-packaging}
out=$PWD/target/packaging
version=$(sed -n 's:.*<version>\(.*\)</version>.*:\1:p' pom.xml | head -n 1)
debian_version=${version/-SNAPSHOT/~SNAPSHOT}
SOURCE_DATE_EPOCH=$(date -u -d "$(sed -n 's:.*<project.build.outputTimestamp>\(.*\)<.*:\1:p' pom.xml)" +%s)
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C
umask 022

say() { printf 'packaging: %s\n' "$*" >&2; }

# The options of packaging/penstock that an archive depends on.
archived=(-XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)

# Debian's packages of one architecture, unpacked and not installed: jlink of amd64 makes the runtimes of both.
root() {
    local root=$cache/$1
    [ ! -e "$root.done" ] || return 0
    say "fetching $jdk for $1"
    rm -rf "$root"
    mkdir -p "$cache"
    mmdebstrap --quiet --variant=extract --architectures="$1" --include=$jdk,adduser $suite "$root"
    local folder
    for folder in bin sbin lib lib64; do
        [ ! -d "$root/usr/$folder" ] || [ -e "$root/$folder" ] || ln -s "usr/$folder" "$root/$folder"
    done
    mkdir -p "$root/proc" "$root/build" "$root/jmods"
    touch "$root.done"
}

jdk_version() { # ARCH
    sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$cache/$1/usr/lib/jvm/java-25-openjdk-$1/release"
}

# A native method keeps an address of the JVM's in the class archive: without randomization it is the same each time.
fixed=(setarch "$(uname -m)" -R)
"${fixed[@]}" true 2>/dev/null || fixed=()

# Runs a program in the amd64 root, with target/packaging as /build.
in_root() {
    root=$cache/amd64 jmods=$cache/$arch/usr/lib/jvm/java-25-openjdk-$arch/jmods out=$out \
        "${fixed[@]}" unshare -m bash -euc '
        mount --bind "$root" "$root"
        mount --bind /proc "$root/proc"
        mount --bind "$out" "$root/build"
        mount --bind "$jmods" "$root/jmods"
        exec chroot "$root" "$@"' in_root "$@"
}

# Runs the packaged runtime of $arch on the files below target/packaging.
run_java() {
    if [ "$arch" = amd64 ]; then
        in_root "/build/$arch/home/runtime/bin/java" "${@//"$out"//build}"
    else
        "${fixed[@]}" qemu-aarch64-static -L "$cache/arm64" "$out/$arch/home/runtime/bin/java" "$@"
    fi
}

