package io.penstock.agent.config;

import static io.penstock.agent.config.Loading.assertMistakes;
import static io.penstock.agent.config.Loading.configuration;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.forward.ForwardLogin;
import io.penstock.agent.forward.ForwardSourceSettings;
import io.penstock.agent.forward.ForwardUser;
import io.penstock.base.settings.Secret;
import io.penstock.base.tls.TlsSettings;
import io.penstock.forward.server.Credentials.HostKey;
import io.penstock.forward.server.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code forward:} and {@code log4j:} */
class ForwardConfigurationTest {
    /** Every key of both with another value than its default; the secrets are what is printed in their place. */
    static final String ALL = """
            forward:
              listen: ["0.0.0.0:11", "unix:/run/penstock/forward.sock"]
              socket-mode: "0600"
              socket-owner: penstock
              socket-group: logging
              other-signals: drop
              ack: memory
              tls: {certificate: /a.pem, key: /b.key, client-ca: /c.pem}
              recognise-resent: 5000
              shared-key: (secret)
              host-keys:
                - {network: 10.0.0.0/8, shared-key: (secret)}
              users:
                - {name: web, password: (secret), tags: [app.**, "sys.{a,b}"], streams: [one, two]}
                - {name: db, password: (secret)}
            log4j:
              listen: ["0.0.0.0:12"]
              ack: delivered
              tls: {certificate: /d.pem, key: /e.key, client-ca: /f.pem}
            """;

    @Test
    void everyKeyCanBeSet() {
        ForwardSourceSettings forward = configuration(ALL).forward();
        assertEquals(
                Optional.of(new TlsSettings(Path.of("/a.pem"), Path.of("/b.key"), Optional.of(Path.of("/c.pem")))),
                forward.tls());
        assertEquals(5000, forward.recogniseResent());
        ForwardLogin login = forward.login();
        assertEquals(Optional.of(new Secret("(secret)")), login.sharedKey());
        assertEquals(
                List.of(network("10.0.0.0/8"), network("0.0.0.0/0"), network("::/0")),
                login.keys().stream().map(HostKey::network).toList());
        assertEquals(
                List.of("web, tags [forward:app.**, forward:sys.{a,b}], streams [one, two]", "db, tags [], streams []"),
                login.users().stream().map(ForwardUser::toString).toList());
        assertEquals(
                Optional.of(new TlsSettings(Path.of("/d.pem"), Path.of("/e.key"), Optional.of(Path.of("/f.pem")))),
                configuration(ALL).log4j().tls());
    }

    private static Network network(String text) {
        return Network.parse(text).orElseThrow();
    }

    @Test
    void whatIsPrintedLoadsToTheSameButForTheSecrets() {
        String printed = EffectiveConfiguration.render(configuration(ALL));
        assertEquals(printed, EffectiveConfiguration.render(configuration(printed)));
        String withSecrets = EffectiveConfiguration.render(configuration(ALL.replace("(secret)", "hush")));
        assertEquals(printed, withSecrets);
        assertFalse(withSecrets.contains("hush"));
        assertTrue(printed.contains("name: \"web\""), printed);
    }

    @Test
    void aUnixSocketStandsBesideAddressesAndNeedsNoAuthentication() {
        ForwardSourceSettings forward = configuration(
                        "forward: {listen: [\"127.0.0.1:1\", \"unix:/run/a.sock\"], socket-mode: \"0600\"}")
                .forward();
        assertEquals("[127.0.0.1:1, unix:/run/a.sock]", forward.listen().toString());
        assertEquals(1, forward.tcp().size());
        assertEquals(0600, forward.socket().socketMode().bits());
        assertEquals(
                0600,
                configuration("forward: {listen: \"unix:/run/a.sock\", socket-mode: 0600}")
                        .forward()
                        .socket()
                        .socketMode()
                        .bits());
    }

    @Test
    void aUnixSocketThatCannotBeIsSaid() {
        String remedy = "; write unix:/run/penstock/forward.sock";
        assertMistakes(
                "forward: {listen: \"unix:forward.sock\"}",
                "f:1:19: forward.listen: \"unix:forward.sock\" names no absolute path of a socket" + remedy);
        assertMistakes(
                "forward: {listen: \"unix:/" + "x".repeat(107) + "\"}",
                "f:1:19: forward.listen: \"unix:/" + "x".repeat(107)
                        + "\" has a path of 108 bytes, and the system takes at most 107; choose a shorter one");
        assertMistakes(
                "forward: {listen: [\"unix:/a\", \"unix:/b/../a\"]}",
                "f:1:11: forward.listen: \"unix:/a\" stands here twice; take one of them out");
        assertMistakes(
                "forward: {socket-mode: \"rw\"}",
                "f:1:24: forward.socket-mode: \"rw\" is no file mode; write \"0660\", in quotes");
    }

    @Test
    void otherMachinesAreLetInWhereSomethingAsksWhoTheyAre() {
        configuration("forward: {listen: \"0.0.0.0:1\", shared-key: k}");
        configuration("forward: {listen: \"0.0.0.0:1\", host-keys: [{network: 10.0.0.0/8, shared-key: k}]}");
        configuration("forward: {listen: \"0.0.0.0:1\", tls: {certificate: a, key: b, client-ca: c}}");
        configuration("log4j: {listen: \"0.0.0.0:1\", tls: {certificate: a, key: b, client-ca: c}}");
        String rest = ", or listen on 127.0.0.1, or write allow-anonymous: true beside it if that is meant";
        assertMistakes(
                "forward: {listen: \"0.0.0.0:1\", tls: {certificate: a, key: b}}",
                "f:1:11: forward.listen: \"0.0.0.0:1\" lets other machines in without authentication;"
                        + " write a shared-key, or a tls.client-ca" + rest);
        assertMistakes(
                "log4j: {listen: \"0.0.0.0:1\"}",
                "f:1:9: log4j.listen: \"0.0.0.0:1\" lets other machines in without authentication;"
                        + " name a tls.client-ca" + rest);
    }

    @Test
    void whatMakesNoSenseIsSaid() {
        assertMistakes(
                "forward: {users: [{name: a, password: b}]}",
                "f:1:11: forward.users: there is no shared key; write shared-key: beside them; the handshake begins with"
                        + " it");
        assertMistakes(
                """
                forward:
                  shared-key: k
                  host-keys: [{network: 10.0.0.0/99, shared-key: k}]
                  users:
                    - {name: a, password: b, tags: ["a**"], streams: ["b c"]}
                    - {name: a, password: c}
                    - {name: d}
                """,
                "f:3:25: forward.host-keys[0].network: \"10.0.0.0/99\" is no network; write one such as 10.1.0.0/16",
                "f:4:3: forward.users: \"a\" stands here twice; take one of them out",
                "f:5:37: forward.users[0].tags: \"a**\" has a ** beside other characters; ** stands alone: app.**",
                "f:5:55: forward.users[0].streams: \"b c\" is no stream name; write 1 to 128 letters, digits, underscores,"
                        + " dots and hyphens",
                "f:7:7: forward.users[2].password: is missing; write it as ${VARIABLE}, so that it is not in the file");
    }
}
