package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.Agent;
import io.penstock.agent.StartReport;
import io.penstock.agent.auth.TokenEntries;
import io.penstock.agent.cli.PenstockCommand;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import io.penstock.base.auth.PasswordEntries;
import io.penstock.fixtures.TestCertificate;
import io.penstock.fixtures.Typed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("captures the process's standard output")
@DisplayName("The bench at an agent that wants TLS and a login")
class BenchLoginTest {
    private static final String ALL = "\"acknowledged\":200,";

    @TempDir
    private static Path folder;

    private static Agent agent;
    private static TestCertificate server;
    private static String token;

    @BeforeAll
    static void start() throws Exception {
        server = TestCertificate.create(folder, "server");
        PasswordEntries.empty().with("joe", "secret").write(folder.resolve("passwords"));
        token = TokenEntries.random();
        TokenEntries.empty().with("bench", token, List.of()).write(folder.resolve("tokens"));
        String yaml = """
                data: %1$s/data
                shutdown-timeout: 0ms
                mqtt:
                  listen: "127.0.0.1:0"
                  tls: {certificate: "%2$s", key: "%3$s"}
                  auth: {password-file: "%1$s/passwords"}
                forward: {listen: "127.0.0.1:0", tls: {certificate: "%2$s", key: "%3$s"}}
                log4j: {listen: []}
                http:
                  listen: "127.0.0.1:0"
                  tls: {certificate: "%2$s", key: "%3$s"}
                  auth: {password-file: "%1$s/passwords", tokens-file: "%1$s/tokens"}
                admin: {listen: "127.0.0.1:0"}
                engine: {listen: "127.0.0.1:0", default-shards: 1}
                spool: {reserve: 0, max-bytes: 8MiB}
                """.formatted(folder, server.certificate(), server.key());
        agent = Agent.start(
                assertInstanceOf(
                                ConfigurationResult.Loaded.class,
                                ConfigurationLoader.ofProcess().parse(yaml))
                        .configuration(),
                "test");
    }

    @AfterAll
    static void stop() {
        agent.close();
    }

    private static String file(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static Typed bench(String protocol, String... words) {
        int port = agent.startReport()
                .listener(protocol)
                .map(StartReport.Listener::first)
                .orElseThrow()
                .getPort();
        List<String> all = new ArrayList<>(List.of("bench", protocol, "--port", Integer.toString(port)));
        all.addAll(List.of("--events", "200", "--connections", "2", "--json"));
        all.addAll(List.of(words));
        return Typed.into(PenstockCommand::execute, all.toArray(new String[0]));
    }

    private static void sendsAll(String protocol, String... words) {
        List<String> all =
                new ArrayList<>(List.of("--tls", "--ca", server.certificate().toString()));
        all.addAll(List.of(words));
        Typed typed = bench(protocol, all.toArray(new String[0]));
        assertEquals(0, typed.status(), () -> typed.out() + typed.err());
        assertTrue(typed.out().contains(ALL), typed.out());
        assertFalse(typed.out().contains("secret"), typed.out());
    }

    @Test
    void sendsOverMqttAsAUser() throws Exception {
        String password = file("password", "secret\n");
        sendsAll("mqtt", "--user", "joe", "--password-file", password);
        sendsAll("mqtt", "--user", "joe", "--password-file", password, "--version", "5", "--qos", "2");
    }

    @Test
    void sendsOverHttpAsAUserOrWithAToken() throws Exception {
        sendsAll("http", "--user", "joe", "--password-file", file("password", "secret\n"));
        sendsAll("http", "--token-file", file("token", token));
    }

    @Test
    void sendsOverForwardWithTls() {
        sendsAll("forward");
    }

    @Test
    void saysWhyItIsNotLetIn() throws Exception {
        String ca = server.certificate().toString();
        Typed wrong = bench("mqtt", "--tls", "--ca", ca, "--user", "joe", "--password-file", file("wrong", "guess"));
        assertEquals(1, wrong.status(), wrong.out());
        assertTrue((wrong.out() + wrong.err()).contains("connection refused by the server, reason"), wrong::toString);
        Typed untrusted = bench("mqtt", "--tls");
        assertEquals(1, untrusted.status(), untrusted.out());
        assertTrue(
                (untrusted.out() + untrusted.err())
                        .contains("signed by no authority that this machine trusts; name the file"),
                untrusted::toString);
        assertFalse((untrusted.out() + untrusted.err()).contains("Exception"), untrusted::toString);
    }

    @Test
    void refusesHalfOfALogin() throws Exception {
        for (String[] half : new String[][] {
            {"--user", "joe"},
            {"--ca", "x.pem"},
            {"--tls", "--cert", "x.pem"},
            {"--tls", "--ca", "no-such.pem"},
            {"--user", "joe", "--password-file", "no-such"},
            {"--user", "joe", "--password-file", file("lines", "a\nb\n")},
            {"--token-file", file("token", token)}
        }) {
            Typed typed = bench("mqtt", half);
            assertEquals(2, typed.status(), () -> List.of(half) + typed.out() + typed.err());
        }
        assertEquals(
                2,
                bench("forward", "--user", "joe", "--password-file", file("password", "secret"))
                        .status());
    }
}
