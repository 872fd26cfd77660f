package io.penstock.base.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.files.UnfitFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckedCertificatesTest {
    /** Certificates are valid from the second on in which they are made. */
    private static final Instant NOW = Instant.now().plus(Duration.ofHours(1));

    private static MadeCertificate one;
    private static MadeCertificate other;
    private static MadeCertificate nameless;

    @TempDir
    Path folder;

    private Path certificate;
    private Path key;

    @BeforeAll
    static void make(@TempDir Path stores) throws Exception {
        one = MadeCertificate.of(stores, "one", "EC", "-validity", "90", "-ext", "san=dns:one.test");
        other = MadeCertificate.of(stores, "other", "EC", "-validity", "90", "-ext", "san=dns:other.test");
        nameless = MadeCertificate.of(stores, "nameless", "RSA", "-keysize", "2048", "-validity", "90");
    }

    @BeforeEach
    void name() {
        certificate = folder.resolve("server.pem");
        key = folder.resolve("server.key");
    }

    @Test
    void aPairWithNamesAndTimeLeftIsTakenWithoutAWord() throws IOException {
        assertEquals(List.of(), read(one.certificate(), one.key()).warnings(NOW));
        read("Subject: CN=one\n" + one.certificate(), "Bag Attributes\n" + one.key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "Ed25519"})
    void pairsOfEachUsualAlgorithmAreToldFromOthers(String algorithm) throws Exception {
        MadeCertificate first = MadeCertificate.of(folder, "first", algorithm, "-ext", "san=dns:a.test");
        MadeCertificate second = MadeCertificate.of(folder, "second", algorithm, "-ext", "san=dns:a.test");
        read(first.certificate(), first.key()).context(List.of());
        assertRefused(first.certificate(), second.key(), "does not belong to the certificate", "CN=first");
    }

    @Test
    void aKeyOfAnotherCertificateIsRefusedAndBothFilesAreNamed() {
        assertRefused(one.certificate(), other.key(), key.toString(), certificate.toString(), "does not belong");
        assertRefused(one.certificate(), nameless.key(), "does not belong");
    }

    @Test
    void aServersCertificateThatIsNotTheFirstIsRefusedWithItsPlace() {
        assertRefused(
                other.certificate() + one.certificate(), one.key(), "belongs to certificate 2", "put that", "first");
    }

    @Test
    void aChainWhoseSecondDidNotSignTheFirstIsAWarning() throws IOException {
        assertWarned(read(one.certificate() + other.certificate(), one.key()), NOW, "certificate 2", "did not sign");
    }

    @Test
    void anEndedAnEndingAndAFutureCertificateAreWarnings() throws IOException {
        CheckedCertificates checked = read(one.certificate(), one.key());
        assertWarned(checked, NOW.plus(Duration.ofDays(70)), "ends in 19 days", "replace");
        assertWarned(checked, NOW.plus(Duration.ofDays(91)), "ended at", "clients refuse it");
        assertTrue(checked.hasEnded(NOW.plus(Duration.ofDays(91))));
        assertFalse(checked.hasEnded(NOW));
        assertWarned(checked, NOW.minus(Duration.ofDays(2_000)), "valid only from", "whether the clock is right");
    }

    @Test
    void aCertificateWithoutNamesIsAWarning() throws IOException {
        assertWarned(read(nameless.certificate(), nameless.key()), NOW, "no subject alternative name");
    }

    @Test
    void keysInOtherShapesAreRefusedWithTheCommandThatConvertsThem() {
        byte[] any = new byte[100];
        assertRefused(one.certificate(), MadeCertificate.pem("ENCRYPTED PRIVATE KEY", any), "encrypted", "openssl");
        assertRefused(
                one.certificate(),
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
                "encrypted",
                "openssl pkcs8");
        assertRefused(one.certificate(), MadeCertificate.pem("EC PRIVATE KEY", any), "EC PRIVATE KEY", "openssl");
        assertRefused(one.certificate(), MadeCertificate.pem("PRIVATE KEY", any), "damaged");
    }

    @Test
    void filesThatHoldSomethingElseAreRefusedAndSayWhat() {
        assertRefused("", one.key(), "server.pem is empty");
        assertRefused(" \n", one.key(), "server.pem is empty");
        assertRefused("hello", one.key(), "no certificate", "nothing else in PEM");
        assertRefused(one.key(), one.key(), "no certificate but PRIVATE KEY");
        assertRefused(one.certificate(), one.certificate(), "no private key but CERTIFICATE");
        assertRefused(MadeCertificate.pem("CERTIFICATE", new byte[50]), one.key(), "certificate 1", "damaged");
        assertRefused("x".repeat(2 << 20), one.key(), "larger than 1 MiB");
    }

    @Test
    void missingFilesAndFoldersAreNamed() throws IOException {
        Files.writeString(certificate, one.certificate());
        assertThat(assertThrows(UnfitFileException.class, this::read), key + " is missing");
        Files.createDirectory(key);
        assertThat(assertThrows(UnfitFileException.class, this::read), key + " is a folder");
    }

    @Test
    void authoritiesOfClientsMustHoldACertificate() throws IOException {
        read(one.certificate(), one.key());
        Path authorities = Files.writeString(folder.resolve("ca.pem"), "");
        TlsFiles files = new TlsFiles(certificate, key, Optional.of(authorities), true);
        assertThat(
                assertThrows(UnfitFileException.class, () -> CheckedCertificates.read(files)),
                authorities + " is empty");
        Files.writeString(authorities, other.certificate());
        assertTrue(CheckedCertificates.read(files).context(List.of()).isServer());
    }

    private CheckedCertificates read() throws UnfitFileException {
        return CheckedCertificates.read(TlsFiles.server(certificate, key));
    }

    private CheckedCertificates read(String chain, String secret) throws IOException {
        Files.writeString(certificate, chain);
        Files.writeString(key, secret);
        return read();
    }

    private void assertRefused(String chain, String secret, String... words) {
        assertThat(assertThrows(UnfitFileException.class, () -> read(chain, secret)), words);
    }

    private static void assertThat(UnfitFileException refused, String... words) {
        for (String word : words) {
            assertTrue(refused.text().contains(word), refused.text());
        }
    }

    private static void assertWarned(CheckedCertificates checked, Instant now, String... words) {
        List<String> warnings = checked.warnings(now);
        assertEquals(1, warnings.size(), warnings.toString());
        for (String word : words) {
            assertTrue(warnings.get(0).contains(word), warnings.toString());
        }
    }
}
