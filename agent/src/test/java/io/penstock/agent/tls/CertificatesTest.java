package io.penstock.agent.tls;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {
    private static final Duration OFTEN = Duration.ofMillis(10);
    private static final Duration NEVER = Duration.ofDays(1);

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
    void certificateAndKeyThatAreReplacedOneAfterTheOtherAreReadTogether() throws Exception {
        TestCertificate first = TestCertificate.create(folder, "first");
        TestCertificate second = TestCertificate.create(folder, "second");
        try (Certificates certificates = Certificates.open("test", first.section(), NEVER)) {
            SslContext before = certificates.get();
            Files.copy(second.certificate(), first.certificate(), StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(first.certificate(), FileTime.fromMillis(1));
            certificates.reloadIfChanged();
            assertSame(before, certificates.get(), "the key does not fit yet");
            Files.copy(second.key(), first.key(), StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(first.key(), FileTime.fromMillis(2));
            certificates.reloadIfChanged();
            assertSame(before, certificates.get(), "the files change still");
            certificates.reloadIfChanged();
            assertNotSame(before, certificates.get());
        }
    }

    @Test
    void aFileThatIsMissingIsComplainedOfOnceAndReadOnceItIsBack() throws Exception {
        TestCertificate first = TestCertificate.create(folder, "first");
        byte[] key = Files.readAllBytes(first.key());
        try (Certificates certificates = Certificates.open("test", first.section(), NEVER);
                CapturedLog log = CapturedLog.of(Certificates.class)) {
            SslContext before = certificates.get();
            Files.delete(first.key());
            certificates.reloadIfChanged();
            certificates.reloadIfChanged();
            certificates.reloadIfChanged();
            assertEquals(
                    List.of("test: the TLS file " + first.key() + " is missing or unreadable; the former certificates"
                            + " stay"),
                    log.lines());
            assertSame(before, certificates.get());
            Files.write(first.key(), key);
            Files.setLastModifiedTime(first.key(), FileTime.fromMillis(3));
            certificates.reloadIfChanged();
            certificates.reloadIfChanged();
            assertNotSame(before, certificates.get());
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
