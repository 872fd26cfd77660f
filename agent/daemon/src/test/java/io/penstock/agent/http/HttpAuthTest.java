package io.penstock.agent.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.auth.AuthSettings;
import io.penstock.agent.auth.AuthUser;
import io.penstock.agent.auth.LimitSettings;
import io.penstock.agent.auth.TokenEntries;
import io.penstock.agent.ingest.AckMode;
import io.penstock.base.auth.PasswordEntries;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.WebAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("An HTTP listener with users and tokens")
class HttpAuthTest {
    @TempDir
    private Path folder;

    private final String token = TokenEntries.random();
    private final String limited = TokenEntries.random();
    private Path tokens;
    private Harness http;

    @BeforeEach
    void start() throws IOException {
        tokens = folder.resolve("tokens");
        TokenEntries.empty()
                .with("all", token, List.of())
                .with("web", limited, List.of("s", "t"))
                .write(tokens);
        http = new Harness(settings(true, true, false));
    }

    @AfterEach
    void stop() {
        http.close();
    }

    private HttpSettings settings(boolean byPassword, boolean byToken, boolean anonymous) throws IOException {
        Path passwords = folder.resolve("passwords");
        PasswordEntries.empty()
                .with("joe", "secret")
                .with("jürgen", "päss:wort")
                .write(passwords);
        AuthSettings auth = new AuthSettings(
                byPassword ? Optional.of(passwords) : Optional.empty(),
                byToken ? Optional.of(tokens) : Optional.empty(),
                List.of(
                        new AuthUser("joe", List.of("s"), Optional.of(1_000), Optional.empty()),
                        new AuthUser("web", List.of("t", "u"), Optional.empty(), Optional.empty())));
        return new HttpSettings(
                List.of(new HttpAddress(Optional.empty(), new ListenAddress("127.0.0.1", 0))),
                AckMode.DURABLE,
                true,
                true,
                WebAccess.NONE,
                CorsSettings.NONE,
                anonymous,
                Optional.empty(),
                auth,
                LimitSettings.NONE);
    }

    private void restart(boolean byPassword, boolean byToken, boolean anonymous) {
        http.close();
        try {
            http = new Harness(settings(byPassword, byToken, anonymous));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<String> post(String stream, String... authorization) {
        HttpRequest.Builder request = http.to("/v1/streams/" + stream + "/records")
                .header("Content-Type", Harness.JSON)
                .POST(HttpRequest.BodyPublishers.ofString("{\"a\":1}"));
        for (String value : authorization) {
            request.header("Authorization", value);
        }
        return http.send(request.build());
    }

    @ParameterizedTest
    @CsvSource({"joe, secret", "jürgen, päss:wort"})
    void takesWhatAUserWithTheRightPasswordPosts(String user, String password) {
        assertEquals(200, post("s", basic(user, password)).statusCode());
        assertEquals(200, post("s", basic(user, password)).statusCode(), "the second time it is known");
    }

    @Test
    void takesWhatComesWithAToken() {
        assertEquals(200, post("any", "Bearer " + token).statusCode());
        assertEquals(200, post("any", "bearer  " + token).statusCode());
    }

    @Test
    void answersARequestWithoutCredentialsWith401AndSaysWhatItTakes() {
        HttpResponse<String> answer = post("s");
        assertEquals(401, answer.statusCode());
        assertEquals(
                List.of("Basic realm=\"penstock\", charset=\"UTF-8\"", "Bearer realm=\"penstock\""),
                answer.headers().allValues("www-authenticate"));
        assertTrue(
                answer.body().contains("\"remedy\":\"send Authorization: Basic with user and password, or"),
                answer.body());
        assertEquals(1, http.refused("forbidden"));
        assertTrue(http.spools.all().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Basic am9lOmd1ZXNz | the user or the password is wrong",
                "Basic bm9ib2R5OnNlY3JldA== | the user or the password is wrong",
                "Bearer penstock_guess | the token is wrong",
                "Bearer | the Authorization header has no token behind Bearer",
                "Basic ??? | the Authorization header has no valid Base64 behind Basic",
                "Basic am9l | the Authorization header has no user:password behind Basic",
                "Basic OnNlY3JldA== | the Authorization header has no user:password behind Basic",
                "Digest username=joe | the Authorization header is neither Basic nor Bearer",
                "penstock_token | the Authorization header is neither Basic nor Bearer",
            })
    void refusesWrongCredentialsWith401AndRepeatsNothingOfThem(String header, String error) {
        HttpResponse<String> answer = post("s", header);
        assertEquals(401, answer.statusCode());
        assertTrue(answer.body().startsWith("{\"error\":\"" + error + "\""), answer.body());
        assertTrue(http.spools.all().isEmpty());
    }

    @Test
    void refusesTwoAuthorizationHeaders() {
        HttpResponse<String> answer = post("s", "Bearer " + token, "Bearer " + token);
        assertEquals(401, answer.statusCode());
        assertTrue(answer.body().contains("more than one Authorization header"), answer.body());
    }

    @Test
    void refusesAStreamThatIsNotTheUsersWith403AndNamesItAndTheRemedy() {
        HttpResponse<String> answer = post("alias", basic("joe", "secret"));
        assertEquals(403, answer.statusCode());
        assertEquals(
                "{\"error\":\"user 'joe' may not write to the stream 'raw-stream'\",\"remedy\":\"write to one of s, or let"
                        + " an administrator add 'raw-stream' to the streams of user 'joe'\"}\n",
                answer.body());
        assertEquals(1, http.refused("forbidden"));
        assertTrue(http.spools.all().isEmpty());
    }

    @Test
    void refusesATagWhoseRouteLeadsToAStreamThatIsNotTheUsers() {
        HttpRequest tag = http.to("/app.log")
                .header("Content-Type", Harness.JSON)
                .header("Authorization", basic("joe", "secret"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"a\":1}"))
                .build();
        assertEquals(403, http.send(tag).statusCode());
        assertTrue(http.spools.all().isEmpty());
    }

    @Test
    void takesFromATokenWhatBothItsFileAndTheConfigurationAllow() {
        assertEquals(200, post("t", "Bearer " + limited).statusCode());
        assertEquals(403, post("s", "Bearer " + limited).statusCode());
        assertEquals(403, post("u", "Bearer " + limited).statusCode());
    }

    @Test
    void readsAChangedTokensFileAgain() throws IOException {
        String later = TokenEntries.random();
        assertEquals(401, post("s", "Bearer " + later).statusCode());
        TokenEntries.read(tokens).without("all").with("new", later, List.of()).write(tokens);
        await().until(() -> post("s", "Bearer " + later).statusCode() == 200);
        assertEquals(401, post("s", "Bearer " + token).statusCode());
        Files.writeString(tokens, "damaged");
        await().until(() -> post("s", "Bearer " + later).statusCode() == 200);
    }

    @Test
    void withAllowAnonymousTakesRequestsWithoutCredentialsAndRefusesWrongOnes() {
        restart(true, true, true);
        assertEquals(200, post("s").statusCode());
        assertEquals(401, post("s", basic("joe", "guess")).statusCode());
    }

    @Test
    void refusesAKindOfCredentialsThatItDoesNotTake() {
        restart(true, false, false);
        HttpResponse<String> answer = post("s", "Bearer " + token);
        assertEquals(401, answer.statusCode());
        assertTrue(answer.body().contains("takes no tokens"), answer.body());
        assertEquals(1, answer.headers().allValues("www-authenticate").size());
        restart(false, true, false);
        assertTrue(post("s", basic("joe", "secret")).body().contains("takes no user and password"));
    }

    @Test
    void doesNotStartWithAFileThatIsNotThere() {
        tokens = folder.resolve("nowhere");
        UncheckedIOException failed =
                assertThrows(UncheckedIOException.class, () -> new Harness(settings(false, true, false)));
        assertTrue(
                failed.getMessage().contains("the tokens file " + tokens + " is missing or unreadable; make it with"),
                failed.getMessage());
    }
}
