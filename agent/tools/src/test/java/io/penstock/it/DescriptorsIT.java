package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The real process under a limit of open files that is below the connections that come")
class DescriptorsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int DESCRIPTORS = 400;
    private static final byte ACCEPTED = 0;

    @TempDir
    Path folder;

    @Test
    void establishedConnectionsAreServedFurtherOnesRefusedAndNewOnesTakenOnceOthersLeft() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (AgentProcess agent = start()) {
            agent.awaitReady();
            agent.awaitLine(
                    Pattern.compile("descriptors \\(agent\\): This process may open " + DESCRIPTORS
                            + " files\\..*LimitNOFILE=65536"),
                    LIMIT);
            InetSocketAddress mqtt = agent.address("mqtt");
            try (Socket first = connect(mqtt, 0)) {
                assertEquals(ACCEPTED, answer(first));
                for (int i = 1; i <= 2 * DESCRIPTORS; i++) {
                    Socket one = connect(mqtt, i);
                    if (answer(one) == ACCEPTED) {
                        idle.add(one);
                    } else {
                        one.close();
                    }
                }
                assertTrue(idle.size() > 20 && idle.size() < DESCRIPTORS / 2, idle.size() + " were taken");
                for (int id = 1; id <= 50; id++) {
                    assertAcknowledged(first, id);
                }
                agent.awaitLine(
                        Pattern.compile("TOO_MANY_CONNECTIONS: all sources together have .*LimitNOFILE=65536"), LIMIT);
                for (Socket one : idle) {
                    one.close();
                }
                Awaitility.await().atMost(LIMIT).until(() -> {
                    try (Socket late = connect(mqtt, 9_999)) {
                        return answer(late) == ACCEPTED;
                    }
                });
                assertAcknowledged(first, 51);
                makesRoomForHttp(agent, mqtt);
                assertAcknowledged(first, 52);
            }
            agent.terminate();
            assertEquals(0, agent.awaitExit(LIMIT), agent::output);
        }
    }

    /** All places are taken by MQTT connections that say nothing, and a client of another source is served. */
    private static void makesRoomForHttp(AgentProcess agent, InetSocketAddress mqtt) throws Exception {
        // The log limits its lines per address: another one than before.
        InetAddress from = InetAddress.getByName("127.0.0.2");
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < DESCRIPTORS; i++) {
            silent.add(new Socket(mqtt.getAddress(), mqtt.getPort(), from, 0));
        }
        InetSocketAddress http = agent.address("http");
        try (Socket post = new Socket(http.getAddress(), http.getPort())) {
            post.setSoTimeout((int) LIMIT.toMillis());
            post.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals("HTTP/1.1 405", new String(post.getInputStream().readNBytes(12), StandardCharsets.US_ASCII));
        }
        agent.awaitLine(Pattern.compile("no CONNECT has come, and it makes room for a new connection"), LIMIT);
        for (Socket one : silent) {
            one.close();
        }
    }

    private AgentProcess start() throws IOException {
        Path file = Files.writeString(folder.resolve("penstock.yaml"), AgentProcess.FREE_PORTS);
        return AgentProcess.under(
                List.of("sh", "-c", "ulimit -n " + DESCRIPTORS + "; exec \"$0\" \"$@\""),
                PackagedAgent.JVM_OPTIONS,
                Map.of(),
                "run",
                "--config",
                file.toString(),
                "--data",
                folder.resolve("data").toString());
    }

    private static Socket connect(InetSocketAddress address, int number) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout((int) LIMIT.toMillis());
        byte[] id = "client-%05d".formatted(number).getBytes(StandardCharsets.US_ASCII);
        byte[] packet = new byte[14 + id.length];
        byte[] head = {0x10, (byte) (packet.length - 2), 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, (byte) id.length};
        System.arraycopy(head, 0, packet, 0, head.length);
        System.arraycopy(id, 0, packet, head.length, id.length);
        socket.getOutputStream().write(packet);
        return socket;
    }

    /** The CONNACK's code, or -1 when the connection was closed without one. */
    private static int answer(Socket socket) {
        try {
            byte[] connack = socket.getInputStream().readNBytes(4);
            return connack.length == 4 ? connack[3] : -1;
        } catch (IOException reset) {
            return -1;
        }
    }

    private static void assertAcknowledged(Socket socket, int id) throws IOException {
        socket.getOutputStream().write(new byte[] {0x32, 8, 0, 3, 'a', '/', 'b', 0, (byte) id, '1'});
        assertArrayEquals(
                new byte[] {0x40, 2, 0, (byte) id}, socket.getInputStream().readNBytes(4));
    }
}
