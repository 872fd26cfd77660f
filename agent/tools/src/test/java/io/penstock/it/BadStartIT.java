package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.fixtures.TestCertificate;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A start that cannot succeed says why, where and what to do")
class BadStartIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void anUnknownKeyIsNamedWithItsLineAndTheNearestOne() throws Exception {
        ends(2, "mqtt:\n  lisen: [\"127.0.0.1:0\"]\n", ":2:", "lisen", "listen");
    }

    @Test
    void allMistakesAreNamedAtOnce() throws Exception {
        ends(2, "mqqt: {}\nspool: {max-bytes: lots}\n", "mqqt", "mqtt", "max-bytes", "lots");
    }

    @Test
    void aFeatureOfALaterVersionIsRefusedNotIgnored() throws Exception {
        ends(2, "admin: {tls: {certificate: a.pem}}\n", "admin.tls", "not in this version");
    }

    @Test
    void anEmptyEndpointIsRefusedWithTheChoices() throws Exception {
        ends(2, "kinesis:\n  endpoint:\n", "embedded", "aws", "http");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check"})
    void thePackagedConfigurationIsRefusedUntilItNamesItsTarget(String command) throws Exception {
        try (AgentProcess agent = AgentProcess.start(command, "--config", "../../config/penstock.yaml")) {
            assertEquals(2, agent.awaitExit(LIMIT), agent::output);
            for (String word : new String[] {"penstock.yaml:", "kinesis.endpoint", "embedded", "aws", "http://"}) {
                assertTrue(agent.output().contains(word), agent::output);
            }
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ends(
                    1,
                    AgentProcess.FREE_PORTS.replace(
                            "mqtt:\n  listen: [\"127.0.0.1:0\"]",
                            "mqtt:\n  listen: [\"127.0.0.1:" + taken.getLocalPort() + "\"]"),
                    "MQTT cannot listen",
                    "127.0.0.1:" + taken.getLocalPort(),
                    "in use");
        }
    }

    @Test
    void aDataFolderThatIsAFileIsNamed() throws Exception {
        Files.writeString(folder.resolve("data"), "not a folder");
        ends(1, AgentProcess.FREE_PORTS, folder.resolve("data").toString());
    }

    @Test
    void aSecondInstanceOnOneDataFolderIsRefused() throws Exception {
        try (AgentProcess first = AgentProcess.run(folder, AgentProcess.FREE_PORTS)) {
            ends(1, AgentProcess.FREE_PORTS, folder.resolve("data").toString(), "another");
            first.terminate();
            assertEquals(0, first.awaitExit(LIMIT));
        }
    }

    @Test
    void checkFindsTheSameMistakesWithoutStarting() throws Exception {
        Path file = Files.writeString(folder.resolve("penstock.yaml"), "mqtt:\n  lisen: []\n");
        try (AgentProcess check = AgentProcess.start("check", "--config", file.toString())) {
            assertEquals(2, check.awaitExit(LIMIT));
            assertTrue(check.output().contains("lisen"), check::output);
        }
    }

    @Test
    void certificatesAndPasswordsThatAreUnfitAreAllNamedByCheckAndEndARunWithTheStatusOfAConfiguration()
            throws Exception {
        TestCertificate one = TestCertificate.create(folder, "one");
        TestCertificate other = TestCertificate.create(folder, "other");
        Path missing = folder.resolve("missing.pem");
        String configuration = """
                mqtt:
                  listen: ["mqtts://127.0.0.1:0"]
                  tls: {certificate: "%s", key: "%s"}
                  auth: {password-file: "%s"}
                forward:
                  listen: ["127.0.0.1:0"]
                  tls: {certificate: "%s", key: "%s"}
                admin: {listen: "127.0.0.1:0"}
                engine: {listen: "127.0.0.1:0"}
                """.formatted(one.certificate(), other.key(), missing, missing, one.key());
        ends(2, configuration, "penstock passwd", missing.toString());
        ends(2, configuration.replaceAll("  auth: .*\n", ""), "mqtt.tls", "does not belong to the certificate");
        Path file = Files.writeString(folder.resolve("penstock.yaml"), configuration);
        try (AgentProcess check = AgentProcess.start("check", "--config", file.toString());
                AgentProcess offline = AgentProcess.start("check", "--offline", "--config", file.toString())) {
            assertEquals(2, check.awaitExit(LIMIT), check::output);
            for (String word : new String[] {"mqtt.tls: the key", "forward.tls: " + missing, "password-file: "}) {
                assertTrue(check.output().contains(word), check::output);
            }
            assertEquals(0, offline.awaitExit(LIMIT), offline::output);
        }
    }

    private void ends(int status, String configuration, String... words) throws Exception {
        Path file = Files.writeString(folder.resolve("bad.yaml"), configuration);
        try (AgentProcess agent = AgentProcess.start(
                "run",
                "--config",
                file.toString(),
                "--data",
                folder.resolve("data").toString())) {
            int exit = agent.awaitExit(LIMIT);
            assertAll(
                    () -> assertEquals(status, exit, agent::output),
                    () -> assertTrue(!agent.output().contains("\tat "), () -> "a stack trace:\n" + agent.output()));
            for (String word : words) {
                assertTrue(agent.output().contains(word), () -> "no '" + word + "' in\n" + agent.output());
            }
        }
    }
}
