package io.penstock.agent.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import io.penstock.agent.http.answer.Problem;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which hosts and origins may speak to a listener. */
class HostGuardTest {
    private final HostGuard guard = new HostGuard(
            List.of("Agent.example.com"),
            List.of("https://app.example.com"),
            "http.hosts",
            "http.cors.origins",
            ctx -> {});

    @Test
    void ip_literals_localhost_and_listed_names_are_taken_with_and_without_port() {
        for (String host : List.of(
                "127.0.0.1",
                "127.0.0.1:9880",
                "10.1.2.3:80",
                "[::1]",
                "[::1]:9880",
                "[fe80::1]:1",
                "localhost",
                "LocalHost:9880",
                "agent.example.com",
                "AGENT.example.com:9880")) {
            assertTrue(guard.judge(host(host)).isEmpty(), host);
        }
    }

    @Test
    void any_other_name_is_refused_whatever_it_may_resolve_to() {
        for (String host : List.of(
                "evil.example",
                "evil.example:9880",
                "localhost.evil.example",
                "127.0.0.1.nip.io",
                "localhost@evil",
                "",
                "[::1",
                "2130706433",
                "agent.example.com.",
                "127.1")) {
            assertEquals(403, guard.judge(host(host)).orElseThrow().status().code(), host);
        }
    }

    @Test
    void a_host_beside_an_allowed_authority_is_looked_at_too() {
        RequestHeaders both = RequestHeaders.builder(HttpMethod.POST, "/")
                .authority("localhost")
                .add("host", "evil.example")
                .build();
        assertTrue(guard.judge(both).isPresent());
    }

    @Test
    void only_listed_origins_may_speak() {
        assertTrue(guard.judge(origin("https://app.example.com")).isEmpty());
        for (String origin :
                List.of("null", "http://app.example.com", "https://app.example.com.evil", "http://localhost", "")) {
            Problem problem = guard.judge(origin(origin)).orElseThrow();
            assertEquals(403, problem.status().code(), origin);
            assertTrue(problem.remedy().contains("http.cors.origins"), problem.remedy());
        }
    }

    @Test
    void a_running_listener_refuses_by_host_and_origin_on_every_path() throws IOException {
        try (Harness http = new Harness()) {
            for (String path : List.of("/v1/streams/s/records", "/nothing")) {
                String foreign = http.raw(
                        "POST " + path + " HTTP/1.1\r\nHost: evil.example\r\nContent-Type: application/json\r\n"
                                + "Content-Length: 2\r\n\r\n{}",
                        "}\n");
                assertTrue(foreign.startsWith("HTTP/1.1 403 "), foreign);
                String page = http.raw(
                        "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n"
                                + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
                        "}\n");
                assertTrue(page.startsWith("HTTP/1.1 403 "), page);
            }
            String absolute = http.raw(
                    "POST http://evil.example/v1/streams/s/records HTTP/1.1\r\nHost: evil.example\r\n"
                            + "Content-Length: 0\r\n\r\n",
                    "}\n");
            assertTrue(absolute.startsWith("HTTP/1.1 403 "), absolute);
            assertEquals(0, http.spools.of("s").appends());
            assertEquals(5, http.refused("forbidden"));
        }
    }

    @Test
    void a_request_names_one_host_and_a_target_in_absolute_form_names_it_first() throws IOException {
        try (Harness http = new Harness()) {
            String head = "Content-Type: application/x-ndjson\r\nContent-Length: 0\r\n\r\n";
            String path = "/v1/streams/s/records";
            for (String request : List.of(
                    "POST " + path + " HTTP/1.1\r\n",
                    "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n",
                    "POST http://localhost" + path + " HTTP/1.1\r\n")) {
                String answer = http.raw(request + head, "}\n");
                assertTrue(answer.startsWith("HTTP/1.1 400 ") && answer.contains("Host header"), answer);
            }
            for (String request : List.of(
                    "POST http://127.0.0.1:9880" + path + " HTTP/1.1\r\nHost: evil.example\r\n",
                    "POST HTTP://localhost" + path + " HTTP/1.1\r\nHost: localhost\r\n",
                    "POST " + path + " HTTP/1.0\r\n")) {
                String answer = http.raw(request + head, "}\n");
                assertTrue(answer.contains("the body is empty"), answer);
            }
            String user =
                    http.raw("POST http://me@127.0.0.1" + path + " HTTP/1.1\r\nHost: localhost\r\n" + head, "}\n");
            assertTrue(user.startsWith("HTTP/1.1 403 "), user);
        }
    }

    private static RequestHeaders host(String host) {
        return RequestHeaders.builder(HttpMethod.POST, "/").authority(host).build();
    }

    private static RequestHeaders origin(String origin) {
        return RequestHeaders.builder(HttpMethod.POST, "/")
                .authority("localhost")
                .add("origin", origin)
                .build();
    }
}
