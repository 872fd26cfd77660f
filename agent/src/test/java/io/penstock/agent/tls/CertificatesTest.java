package io.penstock.agent.tls;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.SslContext;
import io.penstock.agent.config.TlsSection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {
    private static final Duration OFTEN = Duration.ofMillis(10);

    @TempDir
    Path folder;

    @Test
    void changedFilesAreReadAndUnfitOnesLeaveTheFormerCertificate() throws Exception {
        TestCertificate first = TestCertificate.create(folder, "first");
        TestCertificate second = TestCertificate.create(folder, "second");
        try (Certificates certificates = Certificates.open("test", first.section(), OFTEN)) {
            SslContext before = certificates.get();
            Files.copy(second.key(), first.key(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(second.certificate(), first.certificate(), StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> certificates.get() != before);
            SslContext after = certificates.get();
            Files.writeString(first.certificate(), "no certificate at all");
            Files.writeString(first.key(), "no key at all");
            Path third = TestCertificate.create(folder, "third").certificate();
            assertSame(after, certificates.get());
            Files.copy(third, first.certificate(), StandardCopyOption.REPLACE_EXISTING);
            assertSame(after, certificates.get());
            assertNotSame(before, after);
        }
    }

    @Test
    void aMissingFileAndOneThatIsNoCertificateAreNamed() throws Exception {
        TestCertificate fit = TestCertificate.create(folder, "fit");
        Path missing = folder.resolve("missing.pem");
        IOException absent = assertThrows(
                IOException.class,
                () -> Certificates.open("forward", new TlsSection(missing, fit.key(), Optional.empty())));
        assertTrue(absent.getMessage().contains(missing + " is missing"), absent.getMessage());
        IOException swapped = assertThrows(
                IOException.class,
                () -> Certificates.open("forward", new TlsSection(fit.key(), fit.certificate(), Optional.empty())));
        assertTrue(swapped.getMessage().startsWith("forward: the TLS files " + fit.key()), swapped.getMessage());
    }
}
