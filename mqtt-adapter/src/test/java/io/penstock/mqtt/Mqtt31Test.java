package io.penstock.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where MQTT 3.1 allows what its successors forbid. */
class Mqtt31Test {
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer().durable();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void aReleaseThatIsSentAgainSaysSo() throws IOException {
        RawClient client = server.connected(3, "c");
        client.send(Packet.publish(3, 2, 7, "a", "x")).expect("50 02 00 07");
        client.send("6A 02 00 07").expect("70 02 00 07");
        client.send("6A 02 00 07").expect("70 02 00 07");
        assertEquals(List.of("x"), server.store().payloads());
    }

    @Test
    void subscriptionsThatAreSentAgainSaySo() throws IOException {
        server.connected(3, "c")
                .send("8A 06 00 05 00 01 61 00")
                .expect("90 03 00 05 80")
                .send("AA 05 00 06 00 01 61")
                .expect("B0 02 00 06");
    }

    @ParameterizedTest
    @ValueSource(strings = {"6A 02 00 07", "8A 06 00 05 00 01 61 00", "AA 05 00 06 00 01 61"})
    void itsSuccessorsMayNot(String packet) throws IOException {
        server.connected(4, "four").send(packet).expectClosed();
        server.connected(5, "five").send(packet).expectDisconnect(0x81);
    }

    @ParameterizedTest
    @ValueSource(strings = {"64 02 00 07", "81 06 00 05 00 01 61 00", "6B 02 00 07"})
    void otherFlagsAreNoneOfItEither(String packet) throws IOException {
        server.connected(3, "c").send(packet).expectClosed();
    }

    @ParameterizedTest
    @CsvSource({"C2, '', ''", "82, '', ''", "C2, joe, joe"})
    void userNameAndPasswordMayBeAnnouncedAndMissing(String flags, String user, String seen) throws IOException {
        Packet connect = Packet.connect(3, Integer.parseInt(flags, 16), 0).string("c");
        if (!user.isEmpty()) {
            connect.string(user);
        }
        Optional<Login> login = loginOf(connect.bytes());
        assertEquals(seen, login.orElseThrow().userName().orElse(""));
        assertTrue(login.orElseThrow().password().isEmpty());
    }

    private Optional<Login> loginOf(byte[] connect) throws IOException {
        server.close();
        List<Login> seen = new java.util.concurrent.CopyOnWriteArrayList<>();
        server = new TestServer(limits -> limits, login -> {
            seen.add(login);
            return Authenticator.anonymous().authenticate(login);
        });
        server.client().send(connect).expect("20 02 00 00");
        return seen.stream().findFirst();
    }
}
