package io.penstock.agent.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.agent.auth.TokenEntries;
import io.penstock.agent.condition.ClientTroubles;
import io.penstock.agent.reload.ReloadOutcome;
import io.penstock.base.auth.PasswordEntries;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.WebAccess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An admin listener with users")
class AdminLoginTest {
    private static final String JOE = "Basic am9lOnNlY3JldA==";
    private static final String LETTERS = "{\"streams\": [{\"stream\": \"orders\"}]}";

    @TempDir
    private Path folder;

    private final String token = TokenEntries.random();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ClientTroubles troubles = new ClientTroubles(System::nanoTime);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private volatile boolean allowChanges = true;
    private AdminKey key;
    private AdminLogin login;
    private AdminServer admin;

    @BeforeEach
    void start() throws IOException {
        PasswordEntries.empty().with("joe", "secret").write(folder.resolve("users"));
        TokenEntries.empty().with("ci", token, List.of()).write(folder.resolve("tokens"));
        key = AdminKey.create(folder);
        open(section("127.0.0.1", true, false));
    }

    private AdminSettings section(String host, boolean auth, boolean anonymous) {
        return new AdminSettings(
                new ListenAddress(host, 0),
                WebAccess.NONE,
                auth
                        ? new AdminAuthSettings(
                                Optional.of(folder.resolve("users")), Optional.of(folder.resolve("tokens")))
                        : AdminAuthSettings.NONE,
                anonymous,
                true);
    }

    private void open(AdminSettings section) throws IOException {
        close();
        login = AdminLogin.open(section, key, meters, troubles);
        admin = AdminServer.start(
                section,
                100,
                () -> new AgentState(
                        new AgentState.Process("0", Instant.EPOCH, Duration.ZERO, "/d"),
                        "embedded",
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        List.of()),
                () -> "metrics\n",
                MemoryBudget.of(1 << 20).account(1.0),
                AdminPages.NONE,
                new AdminChanges(
                        login,
                        () -> allowChanges,
                        caller -> {
                            told.add("reload by " + caller);
                            return ReloadOutcome.applied(Instant.EPOCH, List.of());
                        },
                        (action, stream) -> 2,
                        told::add));
    }

    @AfterEach
    void close() {
        if (admin != null) {
            admin.close();
            login.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/status", "/metrics", "/login", "/"})
    void answersNothingWithoutCredentialsAndSaysWhatItTakes(String path) {
        HttpResponse<String> answer = get(path, "");
        assertEquals(401, answer.statusCode(), answer.body());
        assertTrue(answer.headers().allValues("www-authenticate").stream().anyMatch(each -> each.startsWith("Basic ")));
        assertFalse(answer.body().contains("metrics"), answer.body());
        assertEquals(0, refused(), "a browser's first request has none");
    }

    @Test
    void answersAProbeWithTheVerdictOnly() {
        assertEquals("alive\n", get("/livez", "").body());
        HttpResponse<String> ready = get("/readyz", "");
        assertEquals(200, ready.statusCode());
        assertFalse(ready.body().contains("details"), ready.body());
        assertTrue(get("/readyz", JOE).body().contains("details"));
    }

    @Test
    void answersUsersTokensAndTheAgentsOwnUser() {
        assertEquals("metrics\n", get("/metrics", JOE).body());
        assertEquals("metrics\n", get("/metrics", "Bearer " + token).body());
        assertEquals("metrics\n", get("/metrics", "Bearer " + word()).body());
        assertEquals("/", get("/login", JOE).headers().firstValue("location").orElse(""));
    }

    @Test
    void namesTheUserOfEachChange() {
        assertEquals(200, post("/api/reload", "", JOE).statusCode());
        assertEquals(200, post("/api/reload", "", "Bearer " + token).statusCode());
        assertEquals(200, post("/api/dead-letters/replay", LETTERS, JOE).statusCode());
        assertEquals(
                200, post("/api/dead-letters/drop", LETTERS, "Bearer " + word()).statusCode());
        assertEquals(
                List.of(
                        "reload by user 'joe' at 127.0.0.1",
                        "reload by token 'ci' at 127.0.0.1",
                        "user 'joe' at 127.0.0.1 replayed 2 dead letters of orders",
                        "the agent's own user at 127.0.0.1 dropped 2 dead letters of orders"),
                told);
    }

    @Test
    void refusesAndCountsAWrongPasswordAndMakesItACondition() {
        String wrong = "Basic " + Base64.getEncoder().encodeToString("joe:guess".getBytes(StandardCharsets.UTF_8));
        assertEquals(401, post("/api/reload", "", wrong).statusCode());
        assertEquals(401, get("/livez", "Bearer guess").statusCode());
        assertEquals(2, refused());
        assertEquals(ConditionName.LOGIN_FAILED, troubles.get().get(0).why().name());
        assertTrue(troubles.get().toString().contains("admin 127.0.0.1"));
        assertFalse(troubles.get().toString().contains("guess"));
        assertEquals(List.of(), told);
    }

    @Test
    void changesNothingWithoutAllowChangesButForTheAgentsOwnUser() {
        allowChanges = false;
        HttpResponse<String> answer = post("/api/reload", "", JOE);
        assertEquals(403, answer.statusCode());
        assertTrue(answer.body().contains("set admin.allow-changes: true"), answer.body());
        assertEquals(200, post("/api/reload", "", "Bearer " + word()).statusCode());
    }

    @Test
    void withAllowAnonymousShowsEverythingAndChangesNothingForStrangers() throws IOException {
        open(section("0.0.0.0", true, true));
        assertTrue(get("/readyz", "").body().contains("details"));
        HttpResponse<String> answer = post("/api/reload", "", "");
        assertEquals(403, answer.statusCode());
        assertTrue(answer.body().contains("changes need credentials"), answer.body());
        assertEquals(401, get("/login", "").statusCode());
        assertEquals(200, post("/api/reload", "", JOE).statusCode());
    }

    /** A reload may bring allow-changes to a listener that a restart would move to a loopback address. */
    @Test
    void changesNothingForOtherMachinesWithoutUsersWhateverAReloadSays() throws IOException {
        open(section("0.0.0.0", false, true));
        assertEquals(403, post("/api/reload", "", "").statusCode());
        open(section("127.0.0.1", false, false));
        assertEquals(200, post("/api/reload", "", "").statusCode());
        assertEquals(List.of("reload by 127.0.0.1"), told);
    }

    @Test
    void refusesAForeignPageThatABrowserHasCredentialsFor() {
        HttpRequest request = request("/api/reload", JOE)
                .header("Origin", "https://evil.example")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertEquals(403, send(request).statusCode());
        assertEquals(List.of(), told);
    }

    @Test
    void doesNotStartWithAFileThatCannotBeUsed() throws IOException {
        Files.delete(folder.resolve("users"));
        IOException unfit = assertThrows(
                IOException.class,
                () -> AdminLogin.open(section("127.0.0.1", true, false), key, meters, troubles)
                        .close());
        assertTrue(unfit.getMessage().contains("" + folder.resolve("users")), unfit.getMessage());
    }

    private String word() {
        try {
            return AdminKey.read(folder);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private double refused() {
        return meters.get("penstock.admin.logins.refused").counter().count();
    }

    private HttpResponse<String> get(String path, String authorization) {
        return send(request(path, authorization).build());
    }

    private HttpResponse<String> post(String path, String body, String authorization) {
        return send(request(path, authorization)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpRequest.Builder request(String path, String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + admin.addresses().get(0).getPort() + path));
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
