package io.penstock.engine;

import java.nio.file.Path;
import java.util.List;

/** Whether the engine's port speaks TLS in addition to plain HTTP, and the certificate for it. */
public sealed interface Tls {
    /** Plain HTTP only. */
    record Off() implements Tls {}

    /**
     * A given certificate.
     *
     * @param chain PEM, the server's certificate first
     * @param key PEM, PKCS #8, not encrypted
     */
    record Files(Path chain, Path key) implements Tls {}

    /**
     * A certificate made at the first start and kept in the data folder, for {@code localhost}, the loopback addresses
     * and these names. Clients must trust {@link StreamEngine#authority}.
     */
    record Generated(List<String> names) implements Tls {
        public Generated {
            names = List.copyOf(names);
        }
    }
}
