package io.penstock.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.fixtures.Typed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Isolated("it captures the process's output")
class CheckCommandTest {
    @TempDir
    Path folder;

    private Typed check(String reserve, String... more) throws IOException {
        Path file = Files.writeString(
                folder.resolve("penstock.yaml"), "data: " + folder + "\nspool: {reserve: " + reserve + "}\n");
        String[] args = new String[3 + more.length];
        System.arraycopy(new String[] {"check", "--config", file.toString()}, 0, args, 0, 3);
        System.arraycopy(more, 0, args, 3, more.length);
        return Typed.into(PenstockCommand::execute, args);
    }

    @Test
    void warnsWhenTheDiskHasLessRoomThanItsReserve() throws IOException {
        Typed typed = check("4000TiB");
        assertEquals(0, typed.status(), typed.err());
        assertTrue(typed.err().contains("spool.reserve leaves 4000.0 TiB free"), typed.err());
    }

    @Test
    void saysNothingOfADiskWithRoom() throws IOException {
        Typed typed = check("0");
        assertEquals(0, typed.status(), typed.err());
        assertEquals("", typed.err());
    }

    @Test
    void printsAReserveThatFollowsTheDiskAsItIsWritten() throws IOException {
        assertTrue(check("auto", "--print").out().contains("  reserve: auto\n"));
        assertTrue(check("1GiB", "--print").out().contains("  reserve: 1GiB\n"));
    }

    private Typed checked(String yaml, String... more) throws IOException {
        Path file = Files.writeString(
                folder.resolve("penstock.yaml"), "data: " + folder + "\nspool: {reserve: 0}\n" + yaml + "\n");
        return Typed.into(
                PenstockCommand::execute,
                Stream.concat(Stream.of("check", "--config", file.toString()), Stream.of(more))
                        .toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http: {tls: {cert: /x.pem}}  | http.tls.cert: is no key of http.tls; did you mean certificate?
            mqtt: {tls: {ca: /x.pem}}    | mqtt.tls.ca: is no key of mqtt.tls; did you mean client-ca?
            engine: {shards: 2}          | engine.shards: is no key of engine; did you mean default-shards?
            inputs: {mqtt: {}}           | inputs: is no key; each source has a section of its own: mqtt, forward, http
            """)
    void aKeyOfAnotherProgramIsAnsweredWithTheOneHere(String yaml, String answer) throws IOException {
        Typed typed = checked(yaml);
        assertEquals(2, typed.status());
        assertTrue(typed.err().contains(answer), typed.err());
    }

    @Test
    void aRegionThatNobodyKnowsIsAWarningWithTheNearestOne() throws IOException {
        Typed typed = checked("kinesis: {endpoint: aws, region: eu-cenral-1}");
        assertEquals(0, typed.status(), typed.err());
        assertTrue(
                typed.err()
                        .contains("warning: target default, region: \"eu-cenral-1\" is no region that this version"
                                + " knows; did you mean eu-central-1?"),
                typed.err());
        assertEquals(
                "", checked("kinesis: {endpoint: aws, region: eu-central-1}").err());
        assertEquals(
                "",
                checked("kinesis: {endpoint: \"http://127.0.0.1:1\", region: here}")
                        .err());
    }

    @Test
    void aRouteBehindOneThatTakesEverythingIsAWarning() throws IOException {
        Typed typed = checked("""
                routes:
                  - {match: "mqtt:#", stream: all}
                  - {match: "mqtt:sensors/#", stream: sensors}
                """);
        assertEquals(0, typed.status(), typed.err());
        assertTrue(typed.err().contains("warning: routes[1] (mqtt:sensors/#) never matches"), typed.err());
    }

    @Test
    void theFilesOfCredentialsAreReadUnlessItIsOffline() throws IOException {
        String missing = "kinesis: {endpoint: aws, region: eu-central-1, credentials:"
                + " {source: profile, profile: edge, file: " + folder.resolve("keys") + "}}";
        Typed typed = checked(missing);
        assertEquals(2, typed.status());
        assertTrue(typed.err().contains("target default, credentials.file: "), typed.err());
        assertTrue(typed.err().contains(folder.resolve("keys").toString()), typed.err());
        assertEquals(0, checked(missing, "--offline").status());
        Files.writeString(folder.resolve("keys"), "[other]\naws_access_key_id = A\naws_secret_access_key = b\n");
        assertTrue(checked(missing).err().contains("there is no profile edge in it"));
        Files.writeString(folder.resolve("keys"), "[edge]\naws_access_key_id = A\naws_secret_access_key = b\n");
        assertEquals(0, checked(missing).status(), () -> "the profile is there");
        String token = "kinesis: {endpoint: aws, region: eu-central-1, credentials: {source: web-identity, role-arn:"
                + " \"arn:aws:iam::123456789012:role/edge\", token-file: " + folder.resolve("token") + "}}";
        assertTrue(checked(token).err().contains("target default, credentials.token-file: there is no file "));
    }
}
