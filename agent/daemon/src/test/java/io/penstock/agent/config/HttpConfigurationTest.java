package io.penstock.agent.config;

import static io.penstock.agent.config.Loading.assertMistakes;
import static io.penstock.agent.config.Loading.configuration;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.agent.auth.AuthUser;
import io.penstock.agent.auth.LimitSettings;
import io.penstock.agent.http.HttpSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("http: of the configuration")
class HttpConfigurationTest {
    static final String ALL = """
            http:
              listen: ["https://0.0.0.0:9880", "127.0.0.1:9881", "http://127.0.0.1:9882"]
              tls: {certificate: /k/server.pem, key: /k/server.key, client-ca: /k/clients.pem}
              auth:
                password-file: /k/passwords
                tokens-file: /k/tokens
                users:
                  - {name: web, streams: [a, b], requests-per-second: 5, bytes-per-second: 2KiB}
                  - {name: all}
              cors: {origins: ["https://App.example.com"], max-age: 5m}
              limits: {requests-per-second: 100, bytes-per-second: 1MiB}
            """;

    private static final String REMEDY = " lets other machines in without authentication; name an auth.password-file or"
            + " an auth.tokens-file, or a tls.client-ca, or listen on 127.0.0.1, or write allow-anonymous: true beside it"
            + " if that is meant";

    @Test
    void isReadWhole() {
        HttpSettings http = configuration(ALL).http();
        assertEquals(
                List.of("https://0.0.0.0:9880", "https://127.0.0.1:9881", "http://127.0.0.1:9882"),
                http.listen().stream().map(Object::toString).toList());
        assertEquals(Optional.of(Path.of("/k/tokens")), http.auth().tokensFile());
        assertEquals(
                List.of(
                        new AuthUser("web", List.of("a", "b"), Optional.of(5), Optional.of(2048L)),
                        new AuthUser("all", List.of(), Optional.empty(), Optional.empty())),
                http.auth().users());
        assertEquals(List.of("https://app.example.com"), http.cors().origins());
        assertEquals(Duration.ofMinutes(5), http.cors().maxAge());
        assertEquals(new LimitSettings(100, 1 << 20), http.limits());
    }

    @Test
    void needsAuthenticationWhereOtherMachinesReachIt() {
        assertMistakes("http: {listen: [\"10.0.0.1:9880\"]}", "f:1:8: http.listen: \"10.0.0.1:9880\"" + REMEDY);
        configuration("http: {listen: [\"10.0.0.1:9880\"], auth: {tokens-file: /k/t}}");
        configuration("http: {listen: [\"10.0.0.1:9880\"], auth: {password-file: /k/p}}");
        configuration("http: {listen: [\"10.0.0.1:9880\"], allow-anonymous: true}");
        String tls = "tls: {certificate: /k/c, key: /k/k, client-ca: /k/a}";
        configuration("http: {listen: [\"10.0.0.1:9880\"], " + tls + "}");
        assertMistakes(
                "http: {listen: [\"http://10.0.0.1:9880\"], " + tls + "}",
                "f:1:8: http.listen: \"10.0.0.1:9880\"" + REMEDY);
    }

    @Test
    void isToldWhatItDoesNotMean() {
        assertMistakes(
                "http: {listen: [\"https://127.0.0.1:9880\"]}",
                "f:1:8: http.listen: \"https://127.0.0.1:9880\" wants a certificate; name one under tls: beside it");
        assertMistakes(
                "http: {listen: [\"ftp://127.0.0.1:9880\"]}",
                "f:1:17: http.listen: \"ftp://127.0.0.1:9880\" has the scheme of something else; write http://, https://"
                        + " or none");
        assertMistakes(
                "http: {listen: [\"https://127.0.0.1:0\", \"http://127.0.0.1:0\"], tls: {certificate: /c, key: /k}}",
                "f:1:8: http.listen: http:// and https:// have both port 0; give one of them a port of its own");
        assertMistakes(
                "http: {auth: {password-file: /p, users: [{name: a}, {name: a}]}}",
                "f:1:34: http.auth.users: \"a\" stands here twice; take one of them out");
        assertMistakes(
                "http: {auth: {users: [{name: a}]}}",
                "f:1:15: http.auth.users: nobody's name is checked here; name an auth.password-file or an"
                        + " auth.tokens-file, or a tls.client-ca");
        assertMistakes(
                "http: {cors: {origins: [\"*\"]}}",
                "f:1:25: http.cors.origins: \"*\" is no origin; write SCHEME://HOST[:PORT], such as"
                        + " https://app.example.com");
    }
}
