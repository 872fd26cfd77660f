package io.penstock.agent.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.auth.AuthSettings;
import io.penstock.agent.auth.LimitSettings;
import io.penstock.agent.auth.TokenEntries;
import io.penstock.agent.ingest.AckMode;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.WebAccess;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A web page")
class CorsTest {
    private static final String LISTED = "https://shop.example.com";
    private static final String PATH = "/v1/streams/s/records";

    @TempDir
    private Path folder;

    private final String token = TokenEntries.random();
    private Harness http;

    @BeforeEach
    void start() throws IOException {
        Path tokens = folder.resolve("tokens");
        TokenEntries.empty().with("page", token, List.of("s")).write(tokens);
        http = new Harness(new HttpSettings(
                List.of(new HttpAddress(Optional.empty(), new ListenAddress("127.0.0.1", 0))),
                AckMode.DURABLE,
                false,
                true,
                new WebAccess(List.of(), List.of("https://silent.example.com")),
                new CorsSettings(List.of(LISTED), Duration.ofMinutes(10)),
                false,
                Optional.empty(),
                new AuthSettings(Optional.empty(), Optional.of(tokens), List.of()),
                LimitSettings.NONE));
    }

    @AfterEach
    void stop() {
        http.close();
    }

    private HttpResponse<String> preflight(String origin) {
        return http.send(http.to(PATH)
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type")
                .header("Access-Control-Request-Private-Network", "true")
                .build());
    }

    private HttpResponse<String> post(String path, String origin, String body, String authorization) {
        return http.send(http.to(path)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "text/plain;charset=UTF-8")
                .header("Authorization", authorization)
                .header("Origin", origin)
                .build());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void ofAListedOriginIsToldThatItMayPostAlsoWithCredentials() {
        HttpResponse<String> answer = preflight(LISTED);
        assertEquals(204, answer.statusCode());
        assertEquals(LISTED, header(answer, "access-control-allow-origin"));
        assertEquals("POST", header(answer, "access-control-allow-methods"));
        assertEquals("authorization,content-type", header(answer, "access-control-allow-headers"));
        assertEquals("true", header(answer, "access-control-allow-credentials"));
        assertEquals("true", header(answer, "access-control-allow-private-network"));
        assertEquals("600", header(answer, "access-control-max-age"));
        assertTrue(header(answer, "vary").contains("Origin"));
    }

    @Test
    void ofAListedOriginPostsAndReadsTheAnswer() {
        HttpResponse<String> answer = post(PATH, LISTED, "x", "Bearer " + token);
        assertEquals(200, answer.statusCode());
        assertEquals(LISTED, header(answer, "access-control-allow-origin"));
        assertEquals("Origin", header(answer, "vary"));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/streams/s/records, guess, x, 401",
        "/v1/streams/other/records, right, x, 403",
        "/v1/streams/s/records, right, '', 400",
        "/v1/nothing/there, right, x, 404",
    })
    void ofAListedOriginReadsErrorsToo(String path, String credentials, String body, int status) {
        HttpResponse<String> answer =
                post(path, LISTED, body, "Bearer " + (credentials.equals("right") ? token : "guess"));
        assertEquals(status, answer.statusCode());
        assertTrue(answer.body().startsWith("{\"error\":"), answer.body());
        assertEquals(LISTED, header(answer, "access-control-allow-origin"));
        assertEquals("Retry-After, WWW-Authenticate", header(answer, "access-control-expose-headers"));
    }

    @ParameterizedTest
    @CsvSource({"https://evil.example.com", "null", "http://shop.example.com", "https://shop.example.com.evil.com"})
    void ofAnotherOriginStoresNothingAndReadsNothing(String origin) {
        for (HttpResponse<String> answer : List.of(preflight(origin), post(PATH, origin, "x", "Bearer " + token))) {
            assertEquals(403, answer.statusCode());
            assertFalse(
                    answer.headers().firstValue("access-control-allow-origin").isPresent());
        }
        assertTrue(http.spools.all().isEmpty());
        assertEquals(2, http.refused("forbidden"));
    }

    @Test
    void ofAnOriginUnderOriginsMayPostAndReadsNothing() {
        HttpResponse<String> answer = post(PATH, "https://silent.example.com", "x", "Bearer " + token);
        assertEquals(200, answer.statusCode());
        assertFalse(answer.headers().firstValue("access-control-allow-origin").isPresent());
        assertEquals(401, preflight("https://silent.example.com").statusCode());
    }

    @Test
    void cannotMakeTheAnswerRepeatOddHeaderNames() {
        HttpResponse<String> answer = http.send(http.to(PATH)
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", LISTED)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "a<script>")
                .build());
        assertEquals(204, answer.statusCode());
        assertFalse(answer.headers().firstValue("access-control-allow-headers").isPresent());
    }
}
