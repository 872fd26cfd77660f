package io.penstock.base.tls;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.SslContext;
import io.penstock.base.files.UnfitFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadedCertificatesTest {
    private static MadeCertificate first;
    private static MadeCertificate second;
    private static MadeCertificate shorter;

    @TempDir
    Path folder;

    private TlsFiles files;
    private Instant now = Instant.now();
    private int changes;

    @BeforeAll
    static void make(@TempDir Path stores) throws Exception {
        first = MadeCertificate.of(stores, "first", "EC", "-validity", "90", "-ext", "san=dns:a.test");
        second = MadeCertificate.of(stores, "second", "EC", "-validity", "90", "-ext", "san=dns:a.test");
        shorter = MadeCertificate.of(stores, "shorter", "EC", "-validity", "10", "-ext", "san=dns:a.test");
    }

    @BeforeEach
    void write() throws IOException {
        files = TlsFiles.server(folder.resolve("server.pem"), folder.resolve("server.key"));
        put(files.certificate(), first.certificate());
        put(files.key(), first.key());
    }

    @Test
    void changedFilesAreReadByThemselves() throws IOException {
        try (ReloadedCertificates certificates = ReloadedCertificates.open("test", files)) {
            SslContext before = certificates.get();
            put(files.key(), second.key());
            put(files.certificate(), second.certificate());
            await().until(() -> certificates.get() != before);
        }
    }

    @Test
    void certificateAndKeyThatAreReplacedOneAfterTheOtherAreReadTogether() throws IOException {
        ReloadedCertificates certificates = read();
        SslContext before = certificates.get();
        put(files.certificate(), second.certificate());
        certificates.look();
        assertSame(before, certificates.get(), "the key does not fit yet");
        put(files.key(), second.key());
        certificates.look();
        assertSame(before, certificates.get(), "the files change still");
        certificates.look();
        assertNotSame(before, certificates.get());
    }

    @Test
    void aKeyThatDoesNotFitLeavesTheFormerCertificateUntilItDoes() throws IOException {
        ReloadedCertificates certificates = read();
        SslContext before = certificates.get();
        put(files.certificate(), second.certificate());
        look(certificates);
        assertSame(before, certificates.get());
        put(files.key(), "no key");
        look(certificates);
        assertSame(before, certificates.get());
        Files.delete(files.key());
        look(certificates);
        assertSame(before, certificates.get());
        put(files.key(), second.key());
        look(certificates);
        assertNotSame(before, certificates.get());
    }

    @Test
    void anEndedCertificateDoesNotReplaceAValidOne() throws IOException {
        now = now.plus(Duration.ofDays(20));
        ReloadedCertificates certificates = read();
        SslContext before = certificates.get();
        put(files.certificate(), shorter.certificate());
        put(files.key(), shorter.key());
        look(certificates);
        assertSame(before, certificates.get());
    }

    @Test
    void aCertificateThatAWrongClockTurnedDownIsTakenOnceTheClockIsRight() throws IOException {
        Instant right = now;
        now = right.plus(Duration.ofDays(20));
        ReloadedCertificates certificates = read();
        SslContext before = certificates.get();
        put(files.certificate(), shorter.certificate());
        put(files.key(), shorter.key());
        look(certificates);
        assertSame(before, certificates.get());
        now = right;
        look(certificates);
        assertNotSame(before, certificates.get());
    }

    @Test
    void anEndedCertificateIsTakenAtTheStartSoThatOtherListenersServe() throws IOException {
        now = now.plus(Duration.ofDays(200));
        assertTrue(read().get().isServer());
    }

    @Test
    void unfitFilesAreRefusedAtTheStartAndTheListenerIsNamed() throws IOException {
        put(files.key(), second.key());
        UnfitFileException refused = assertThrows(UnfitFileException.class, this::read);
        assertTrue(refused.text().startsWith("test: the key " + files.key()), refused.text());
        Files.delete(files.certificate());
        assertTrue(assertThrows(UnfitFileException.class, this::read)
                .text()
                .contains(files.certificate() + " is missing"));
    }

    private ReloadedCertificates read() throws IOException {
        return ReloadedCertificates.read("test", files, List.of(), () -> now);
    }

    private static void look(ReloadedCertificates certificates) {
        certificates.look();
        certificates.look();
    }

    /** Sets another time: two writes within the resolution of the file system's time would look like one. */
    private void put(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000L * ++changes));
    }
}
