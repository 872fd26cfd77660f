package io.penstock.it;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Clients of the inputs that acknowledge single events, one thread each, against one life of the agent: MQTT at QoS 1
 * and 2, forward, HTTP. They end when the agent dies under them.
 */
final class MixedLoad {
    /** The clients, as their marks name them. */
    static final List<String> CLIENTS = List.of("qos1", "qos2", "forward", "http");

    private static final int UNDER_WAY = 64;

    private final Marks marks;
    private final AtomicBoolean going = new AtomicBoolean(true);
    private final List<Thread> threads;

    private MixedLoad(AgentProcess agent, Marks marks) {
        this.marks = marks;
        InetSocketAddress mqtt = agent.address("mqtt");
        InetSocketAddress forward = agent.address("forward");
        URI posts = agent.http("http").resolve("/v1/streams/posted/records");
        threads = List.of(
                new Thread(() -> publish(mqtt, MqttQos.AT_LEAST_ONCE, "qos1"), "qos 1"),
                new Thread(() -> publish(mqtt, MqttQos.EXACTLY_ONCE, "qos2"), "qos 2"),
                new Thread(() -> forward(forward), "forward"),
                new Thread(() -> post(posts), "http"));
    }

    static MixedLoad start(AgentProcess agent, Marks marks) {
        MixedLoad load = new MixedLoad(agent, marks);
        load.threads.forEach(Thread::start);
        return load;
    }

    /** Waits until each client has noticed that the agent is gone. */
    void end() throws InterruptedException {
        going.set(false);
        for (Thread thread : threads) {
            thread.join(30_000);
        }
    }

    private void publish(InetSocketAddress address, MqttQos qos, String name) {
        Mqtt5AsyncClient client =
                MqttClient.builder().useMqttVersion5().serverAddress(address).buildAsync();
        try {
            client.connect().get(30, TimeUnit.SECONDS);
            Semaphore window = new Semaphore(UNDER_WAY);
            while (going.get() && window.tryAcquire(20, TimeUnit.SECONDS)) {
                String mark = marks.next(name);
                client.publishWith()
                        .topic("load/" + qos.getCode())
                        .qos(qos)
                        .payload(mark.getBytes(StandardCharsets.UTF_8))
                        .send()
                        .whenComplete((result, failure) -> {
                            if (failure == null && result.getError().isEmpty()) {
                                marks.acknowledged(mark);
                            }
                            window.release();
                        });
            }
        } catch (Exception killed) {
            // The agent died under the client, as it should; what was acknowledged by then is what counts.
        } finally {
            client.disconnect();
        }
    }

    /** A few messages on their way at once, each with its mark as the chunk's id. */
    private void forward(InetSocketAddress address) {
        try (ForwardSender sender = new ForwardSender(address)) {
            while (going.get()) {
                int burst = 16;
                for (int i = 0; i < burst; i++) {
                    String mark = marks.next("forward");
                    sender.send(ForwardSender.message("load", mark, mark));
                }
                for (int i = 0; i < burst; i++) {
                    marks.acknowledged(sender.ack());
                }
            }
        } catch (IOException killed) {
            // As above.
        }
    }

    private void post(URI uri) {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        while (going.get()) {
            String mark = marks.next("http");
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .timeout(Duration.ofSeconds(20))
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"mark\":\"" + mark + "\"}"))
                    .build();
            try {
                if (client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200) {
                    marks.acknowledged(mark);
                }
            } catch (Exception killed) {
                return;
            }
        }
    }
}
