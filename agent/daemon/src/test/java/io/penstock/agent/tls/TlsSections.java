package io.penstock.agent.tls;

import io.penstock.base.tls.TlsSettings;
import io.penstock.fixtures.TestCertificate;
import java.util.Optional;

/** Listeners' sections with certificates of tests. */
public final class TlsSections {
    private TlsSections() {}

    /** One that shows {@code server}'s; with {@code clients} they need theirs. */
    public static TlsSettings of(TestCertificate server, TestCertificate... clients) {
        return new TlsSettings(
                server.certificate(),
                server.key(),
                clients.length == 0 ? Optional.empty() : Optional.of(clients[0].certificate()));
    }
}
