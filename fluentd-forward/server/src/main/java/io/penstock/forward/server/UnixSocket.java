package io.penstock.forward.server;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/**
 * A Unix domain socket to listen on.
 *
 * @param path of its file
 * @param mode permissions of the file: a client needs to write to it
 * @param owner name of the user who shall own the file; empty: the process's user
 * @param group name of the group of the file; empty: what the system chooses
 */
public record UnixSocket(Path path, Set<PosixFilePermission> mode, Optional<String> owner, Optional<String> group) {
    public UnixSocket {
        mode = Set.copyOf(mode);
    }
}
