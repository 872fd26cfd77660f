package io.penstock.base.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.base.net.HostCheck.Fault;
import io.penstock.base.net.HostCheck.Finding;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostCheckTest {
    private final HostCheck check = new HostCheck(List.of("Agent.example.com"), List.of("https://App.example.com"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:9880",
                "127.0.0.1:",
                "10.1.2.3:65535",
                "[::1]",
                "[::1]:9880",
                "[::FFFF:10.0.0.1]",
                "[fe80::1]:1",
                "localhost",
                "LocalHost:9880",
                "agent.example.com",
                "AGENT.example.com:9880"
            })
    void literalsLocalhostAndListedNamesAreTakenWithAndWithoutPort(String authority) {
        assertEquals(Optional.empty(), check.judge(authority));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "[::1].evil",
                "[::1].evil:9880",
                "[::1]evil",
                "[::1",
                "[]",
                "[]:80",
                "[evil.example]",
                "[127.0.0.1]",
                "[localhost]",
                "::1",
                "127.0.0.1:80:80",
                "127.0.0.1:evil",
                "127.0.0.1:65536",
                "127.0.0.1:-1",
                "127.0.0.1.",
                "127.0.0.1.nip.io",
                "127.1",
                "2130706433",
                "0x7f000001",
                "user@127.0.0.1",
                "user:word@localhost",
                "localhost@evil.example",
                "localhost.",
                "localhost.evil.example",
                "localhost/evil",
                "localhost#evil",
                "localhost\\evil",
                " localhost",
                "local\u017Fost",
                "agent.example.com.",
                "agent.example.com.evil.example",
                ":9880",
                ""
            })
    void everythingElseIsForeignWhateverItMayResolveTo(String authority) {
        assertEquals(Optional.of(new Finding(Fault.FOREIGN_HOST, authority)), check.judge(authority));
    }

    @Test
    void aRequestHasOneHost() {
        assertEquals(Optional.of(new Finding(Fault.NOT_ONE_HOST, "")), check.judge(List.of(), List.of()));
        assertEquals(Optional.of(new Finding(Fault.NOT_ONE_HOST, "")), check.judge(HostCheck.NO_HOST + ":9880"));
        assertEquals(
                Optional.of(new Finding(Fault.NOT_ONE_HOST, "localhost, evil.example")),
                check.judge("localhost, evil.example"));
    }

    @Test
    void everyAuthorityAndEveryOriginIsLookedAt() {
        List<String> local = List.of("localhost");
        assertEquals(
                Optional.of(new Finding(Fault.FOREIGN_HOST, "evil.example")),
                check.judge(List.of("localhost", "evil.example"), List.of()));
        assertEquals(Optional.empty(), check.judge(local, List.of("HTTPS://app.example.com")));
        for (String origin :
                List.of("null", "http://app.example.com", "https://app.example.com.evil", "http://localhost", "")) {
            assertEquals(
                    Optional.of(new Finding(Fault.FOREIGN_ORIGIN, origin)),
                    check.judge(local, List.of("https://app.example.com", origin)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:9890", "HTTP://127.0.0.1:9890", "https://127.0.0.1:9890"})
    void aListenerWithPagesTakesTheOriginOfItsOwnPages(String origin) {
        List<String> host = List.of("127.0.0.1:9890");
        assertEquals(Optional.empty(), check.withOwnPages().judge(host, List.of(origin)));
        assertEquals(Optional.of(new Finding(Fault.FOREIGN_ORIGIN, origin)), check.judge(host, List.of(origin)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "http://127.0.0.1",
                "http://127.0.0.1:9880",
                "http://localhost:9890",
                "http://127.0.0.1:9890.evil.example",
                "ftp://127.0.0.1:9890",
                "127.0.0.1:9890",
                ""
            })
    void otherOriginsStayForeignToAListenerWithPages(String origin) {
        assertEquals(
                Optional.of(new Finding(Fault.FOREIGN_ORIGIN, origin)),
                check.withOwnPages().judge(List.of("127.0.0.1:9890"), List.of(origin)));
    }

    @Test
    void anOriginIsOwnOnlyIfEveryHostOfTheRequestIs() {
        assertEquals(
                Optional.of(new Finding(Fault.FOREIGN_ORIGIN, "http://127.0.0.1:1")),
                check.withOwnPages().judge(List.of("127.0.0.1:1", "127.0.0.1:2"), List.of("http://127.0.0.1:1")));
    }
}
