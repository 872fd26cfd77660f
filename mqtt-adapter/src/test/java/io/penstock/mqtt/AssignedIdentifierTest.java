package io.penstock.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** MQTT 5 clients with an empty client identifier, and the sessions under the one that the server assigns. */
class AssignedIdentifierTest {
    private static final int PRESENT = 0x0100;
    private static final Pattern ASSIGNED = Pattern.compile("auto-[0-9a-f-]{36}");

    private StoredSessions sessions = new StoredSessions();
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.keeping(sessions).durable();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** The next server finds the sessions as they are now, whatever this one does at its end. */
    private void crash() throws IOException {
        TestServer dead = server;
        sessions = sessions.copy();
        start();
        dead.close();
    }

    private static String assigned(RawClient client, boolean clean) throws IOException {
        client.send(Packet.connect(5, "", clean, 0));
        byte[] connack = client.packet();
        assertEquals(0, connack[2], "no session is present");
        assertEquals(0, connack[3], "accepted");
        Matcher found = ASSIGNED.matcher(new String(connack, StandardCharsets.ISO_8859_1));
        assertEquals(true, found.find(), "the identifier is told");
        return found.group();
    }

    private RawClient resumed(String id, int connack) throws IOException {
        RawClient client = server.client();
        client.send(Packet.connect(5, id, false, 0));
        assertEquals(connack, client.connack());
        return client;
    }

    @Test
    void theSessionIsFoundUnderItAfterACrash() throws IOException {
        byte[] publish = Packet.publish(5, 2, 7, "a", "once");
        RawClient first = server.client();
        String id = assigned(first, false);
        first.send(publish).expect("50 02 00 07");
        crash();
        RawClient again = resumed(id, PRESENT);
        again.send(publish).expect("50 02 00 07");
        assertEquals(List.of(), server.store().payloads());
        again.send(Packet.pubrel(7)).expect("70 02 00 07");
    }

    @Test
    void aClientWithoutOneGetsAnotherOneAfterACrashAndNoSession() throws IOException {
        byte[] publish = Packet.publish(5, 2, 7, "a", "new");
        RawClient first = server.client();
        String id = assigned(first, false);
        first.send(publish).expect("50 02 00 07");
        crash();
        RawClient other = server.client();
        String second = assigned(other, false);
        assertNotEquals(id, second);
        other.send(publish).expect("50 02 00 07");
        assertEquals(List.of("new"), server.store().payloads());
        assertEquals(second, server.store().events().get(0).clientId());
    }

    @Test
    void aSessionThatEndsWithItsConnectionIsNotFoundUnderItAndNotWrittenDown() throws IOException {
        RawClient first = server.client();
        String id = assigned(first, true);
        first.send(Packet.publish(5, 2, 7, "a", "x")).expect("50 02 00 07");
        first.send(Packet.disconnect()).expectClosed();
        assertEquals(List.of(), sessions.written);
        resumed(id, 0);
    }

    @Test
    void cleanStartUnderItEndsTheSession() throws IOException {
        String id = assigned(server.client(), false);
        crash();
        RawClient anew = server.client();
        anew.send(Packet.connect(5, id));
        assertEquals(0, anew.connack());
        anew.send(Packet.disconnect()).expectClosed();
        crash();
        resumed(id, 0);
    }
}
