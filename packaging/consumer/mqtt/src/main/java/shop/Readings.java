package shop;

import io.penstock.mqtt.MqttServer;
import io.penstock.mqtt.MqttSettings;
import io.penstock.mqtt.PublishHandler;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** An MQTT server that prints each publish, acknowledges it, and ends after the first. */
public class Readings {
    public static void main(String[] args) throws Exception {
        CountDownLatch one = new CountDownLatch(1);
        PublishHandler handler = (publish, receipt) -> {
            System.out.println(publish.topic() + " " + publish.payload().toString(StandardCharsets.UTF_8));
            receipt.acknowledged();
            one.countDown();
        };
        try (MqttServer server = MqttServer.builder(handler)
                .settings(MqttSettings.plain(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0]))))
                .start()) {
            System.out.println("listening on " + server.addresses());
            one.await();
        }
    }
}
