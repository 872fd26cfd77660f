package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.auth.PasswordEntries;
import io.penstock.mqtt.Authenticator.Result.Admitted;
import io.penstock.mqtt.Authenticator.Result.BadCredentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Users and passwords. */
class PasswordFileTest {
    /** Written by mosquitto_passwd 2.0 (PBKDF2, and the older form). */
    private static final List<String> OF_MOSQUITTO = List.of(
            "joe:$7$101$QP7bqV+z4ai+mbPK$KpghInWpaJDo0ynxAsfCwUAZ+sKgMKqQwU1YX9sjabDTS2/EsGX8Hvh9zYVc/f9ezSjD2TBa"
                    + "/EObsTFEFNCWnw==",
            "jürgen:$7$101$x7PaIvBOwWoeAvp8$X65nvbhcGBQCrdJ2WqgBfxIcZfUK6IMfnqM86xoBp8slsfKJ9MdS3NxnuVa6H2goRQAwRh56D"
                    + "b9pofurYPdWoA==",
            "old:$6$9fH8tPi7vejfXl3A$cxN+CoU7dhCHBiVpRekSOLysnl5nH6j7KTyKfATUaFDLOnurYuk1NVX68jFtvMYw3ilE1l2YRfDT/P+qgu"
                    + "XqMw==");

    @TempDir
    private Path folder;

    private Path file(List<String> lines) throws IOException {
        return Files.write(folder.resolve("passwords"), lines);
    }

    private static Login login(String user, String password) {
        return new Login(
                new InetSocketAddress("127.0.0.1", 4711),
                ProtocolVersion.MQTT_5,
                "c",
                Optional.ofNullable(user),
                Optional.ofNullable(password).map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Optional.empty());
    }

    private static Authenticator.Result decide(PasswordFile passwords, String user, String password) {
        return passwords
                .authenticate(login(user, password))
                .toCompletableFuture()
                .join();
    }

    @ParameterizedTest
    @CsvSource({"joe, secret", "jürgen, pässwort", "old, legacy"})
    void filesOfMosquittoAreUnderstood(String user, String password) throws IOException {
        try (PasswordFile passwords = PasswordFile.open(file(OF_MOSQUITTO), false)) {
            assertEquals(new Admitted(Optional.of(user)), decide(passwords, user, password));
            assertEquals(new BadCredentials(), decide(passwords, user, password + "x"));
            assertEquals(new Admitted(Optional.of(user)), decide(passwords, user, password));
            assertEquals(new BadCredentials(), decide(passwords, "somebody", password));
        }
    }

    @Test
    void whoeverGivesNoPasswordIsToldWhatIsWanted() throws IOException {
        try (PasswordFile passwords = PasswordFile.open(file(OF_MOSQUITTO), false)) {
            assertTrue(decide(passwords, "joe", null) instanceof Authenticator.Result.NotAuthorized);
            assertTrue(decide(passwords, null, null) instanceof Authenticator.Result.NotAuthorized);
        }
    }

    @Test
    void aVerifiedCertificateNeedsNoPassword() throws IOException {
        try (PasswordFile passwords = PasswordFile.open(file(List.of()), false)) {
            Login login = new Login(
                    new InetSocketAddress(1),
                    ProtocolVersion.MQTT_5,
                    "c",
                    Optional.of("claimed"),
                    Optional.empty(),
                    Optional.of("device-7"));
            assertEquals(
                    new Admitted(Optional.of("device-7")),
                    passwords.authenticate(login).toCompletableFuture().join());
        }
    }

    @Test
    void entriesAreWrittenReadAndRemovedForTheirOwnerOnly() throws IOException {
        Path file = folder.resolve("made");
        PasswordEntries.empty()
                .with("ann", "one")
                .with("bob", "two")
                .with("ann", "three")
                .write(file);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertFalse(Files.readString(file).contains("three"));
        try (PasswordFile passwords = PasswordFile.open(file, false)) {
            assertEquals(new Admitted(Optional.of("ann")), decide(passwords, "ann", "three"));
            assertEquals(new BadCredentials(), decide(passwords, "ann", "one"));
        }
        PasswordEntries.read(file).without("ann").write(file);
        assertEquals(Set.of("bob"), PasswordEntries.read(file).users());
        assertThrows(
                IllegalArgumentException.class, () -> PasswordEntries.empty().with("a:b", "x"));
    }

    @Test
    void aChangedFileIsReadAgainAndAKnownPasswordForgotten() throws IOException {
        Path file = file(OF_MOSQUITTO);
        try (PasswordFile passwords = PasswordFile.open(file, false)) {
            assertEquals(new Admitted(Optional.of("joe")), decide(passwords, "joe", "secret"));
            Files.write(file, OF_MOSQUITTO.subList(1, 3));
            Files.setLastModifiedTime(file, FileTime.fromMillis(1));
            await().until(() -> decide(passwords, "joe", "secret") instanceof BadCredentials);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"joe", ":$7$1$eA==$eA==", "joe:plain", "joe:$7$0$eA==$eA==", "joe:$7$1$?$eA==", "joe:$6$eA=="})
    void aWrongLineIsNamed(String line) throws IOException {
        Path file = file(List.of("# users", OF_MOSQUITTO.get(0), line));
        IOException failure = assertThrows(IOException.class, () -> PasswordFile.open(file, false));
        assertTrue(failure.getMessage().contains("line 3"), failure.getMessage());
    }

    @Test
    void theServerAdmitsAndRefusesByTheFile() throws IOException {
        try (PasswordFile passwords = PasswordFile.open(file(OF_MOSQUITTO), false);
                TestServer server = new TestServer(limits -> limits, passwords).durable()) {
            byte[] right = Packet.connect(4, 0xC2, 0)
                    .string("c")
                    .string("joe")
                    .string("secret")
                    .bytes();
            byte[] wrong = Packet.connect(4, 0xC2, 0)
                    .string("c")
                    .string("joe")
                    .string("guess")
                    .bytes();
            RawClient client = server.client().send(right).expect("20 02 00 00");
            server.client().send(wrong).expect("20 02 00 04").expectClosed();
            server.client().send(Packet.connect(4, "d")).expect("20 02 00 05").expectClosed();
            client.send(Packet.publish(4, 1, 1, "a", "x")).expect("40 02 00 01");
            assertEquals("joe", server.store().events().get(0).userName().orElseThrow());
            assertEquals(
                    Rejection.BAD_CREDENTIALS, server.events().rejected.get(0).why());
        }
    }
}
