package io.penstock.engine.auth;

import java.util.Optional;

/** The access keys of all clients. Thread-safe; does not block. */
@FunctionalInterface
public interface ClientKeys {
    Optional<ClientKey> find(String accessKeyId);
}
