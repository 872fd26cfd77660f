package io.penstock.agent.auth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a user may send per second")
class UserLimitsTest {
    private final AtomicLong now = new AtomicLong();
    private final List<String> refused = new ArrayList<>();

    private UserLimits limits(int requests, long bytes, AuthUser... users) {
        return new UserLimits(
                new LimitSettings(requests, bytes),
                List.of(users),
                now::get,
                (ctx, problem) -> refused.add(problem.error()));
    }

    private static Identity user(String name) {
        return new Identity(Identity.Kind.USER, name, Optional.empty());
    }

    private static AggregatedHttpResponse send(
            UserLimits limits, Identity identity, String address, HttpRequest request) throws Exception {
        ServiceRequestContext ctx = ServiceRequestContext.builder(request)
                .remoteAddress(new InetSocketAddress(address, 4711))
                .build();
        identity.attachTo(ctx);
        return limits.serve(
                        (same, req) ->
                                HttpResponse.of(req.aggregate().thenApply(body -> HttpResponse.of(HttpStatus.OK))),
                        ctx,
                        request)
                .aggregate()
                .join();
    }

    private static int status(UserLimits limits, Identity identity, int bytes) throws Exception {
        RequestHeaders head = RequestHeaders.of(HttpMethod.POST, "/");
        return send(limits, identity, "10.0.0.1", HttpRequest.of(head, HttpData.wrap(new byte[bytes])))
                .status()
                .code();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void isCountedForEachUserAndMoreGets429WithRetryAfter() throws Exception {
        UserLimits limits = limits(2, 0);
        assertEquals(200, status(limits, user("ann"), 1));
        assertEquals(200, status(limits, user("ann"), 1));
        AggregatedHttpResponse answer = send(limits, user("ann"), "10.0.0.2", HttpRequest.of(HttpMethod.POST, "/"));
        assertEquals(429, answer.status().code());
        assertEquals("1", answer.headers().get("retry-after"));
        assertTrue(
                answer.contentUtf8().startsWith("{\"error\":\"user 'ann' sends more requests per second than it may\""),
                answer.contentUtf8());
        assertEquals(List.of("user 'ann' sends more requests per second than it may"), refused);
        assertEquals(200, status(limits, user("bob"), 1));
        pass(Duration.ofMillis(500));
        assertEquals(200, status(limits, user("ann"), 1));
        assertEquals(429, status(limits, user("ann"), 1));
    }

    @Test
    void ofBytesHoldsOnAverageAlthoughABodyOfAnySizeIsTaken() throws Exception {
        UserLimits limits = limits(0, 1024);
        assertEquals(200, status(limits, user("ann"), 4096));
        AggregatedHttpResponse answer = send(limits, user("ann"), "10.0.0.1", HttpRequest.of(HttpMethod.POST, "/"));
        assertEquals(429, answer.status().code());
        assertEquals("4", answer.headers().get("retry-after"), "the debt is 3 s, and one byte must be there");
        assertTrue(answer.contentUtf8().contains("sends more bytes per second"), answer.contentUtf8());
        pass(Duration.ofSeconds(4));
        assertEquals(200, status(limits, user("ann"), 1));
    }

    @Test
    void ofBytesCountsNoMoreOfAClaimedLengthThanAListenerTakes() throws Exception {
        UserLimits limits = limits(0, 1 << 20);
        HttpRequest claim = HttpRequest.of(
                RequestHeaders.builder(HttpMethod.POST, "/")
                        .contentLength(Long.MAX_VALUE)
                        .build(),
                com.linecorp.armeria.common.stream.StreamMessage.of(HttpData.wrap(new byte[1])));
        send(limits, user("ann"), "10.0.0.1", claim);
        assertEquals(429, status(limits, user("ann"), 1));
        pass(Duration.ofSeconds(20));
        assertEquals(200, status(limits, user("ann"), 1));
    }

    @Test
    void ofBytesCountsABodyWithoutALengthAsItComes() throws Exception {
        UserLimits limits = limits(0, 1024);
        HttpRequest chunked = HttpRequest.of(
                RequestHeaders.of(HttpMethod.POST, "/"),
                com.linecorp.armeria.common.stream.StreamMessage.of(
                        HttpData.wrap(new byte[1000]), HttpData.wrap(new byte[1000])));
        assertEquals(
                200, send(limits, user("ann"), "10.0.0.1", chunked).status().code());
        assertEquals(429, status(limits, user("ann"), 1));
        pass(Duration.ofSeconds(1));
        assertEquals(200, status(limits, user("ann"), 1));
    }

    @Test
    void canDifferFromTheUsualForOneUser() throws Exception {
        UserLimits limits = limits(1, 0, new AuthUser("ann", List.of(), Optional.of(3), Optional.empty()));
        for (int i = 0; i < 3; i++) {
            assertEquals(200, status(limits, user("ann"), 1));
        }
        assertEquals(429, status(limits, user("ann"), 1));
        assertEquals(200, status(limits, user("bob"), 1));
        assertEquals(429, status(limits, user("bob"), 1));
    }

    @Test
    void withoutANameIsCountedForEachAddress() throws Exception {
        UserLimits limits = limits(1, 0);
        HttpRequest request = HttpRequest.of(HttpMethod.POST, "/");
        assertEquals(
                200,
                send(limits, Identity.ANONYMOUS, "10.0.0.1", request).status().code());
        assertEquals(
                429,
                send(limits, Identity.ANONYMOUS, "10.0.0.1", HttpRequest.of(HttpMethod.POST, "/"))
                        .status()
                        .code());
        assertEquals(
                200,
                send(limits, Identity.ANONYMOUS, "10.0.0.2", HttpRequest.of(HttpMethod.POST, "/"))
                        .status()
                        .code());
    }

    @Test
    void withoutANameIsCountedForEachNetworkOfIpv6() throws Exception {
        UserLimits limits = limits(1, 0);
        int[] statuses = new int[3];
        String[] addresses = {"2001:db8:1:2::1", "2001:db8:1:2:a::7", "2001:db8:1:3::1"};
        for (int i = 0; i < addresses.length; i++) {
            statuses[i] = send(limits, Identity.ANONYMOUS, addresses[i], HttpRequest.of(HttpMethod.POST, "/"))
                    .status()
                    .code();
        }
        assertArrayEquals(new int[] {200, 429, 200}, statuses);
    }

    @Test
    void isUnlimitedUnlessConfigured() throws Exception {
        UserLimits limits = limits(0, 0);
        for (int i = 0; i < 1_000; i++) {
            assertEquals(200, status(limits, user("ann"), 100));
        }
    }
}
