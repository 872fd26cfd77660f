package io.penstock.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that subscribe to a server that grants it and delivers nothing. */
class SubscribeTest {
    private final ManualStore store = new ManualStore().automatic();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private MqttServer server;

    @BeforeEach
    void start() throws IOException {
        start(SubscribePolicy.ACCEPT);
    }

    private void start(SubscribePolicy policy) throws IOException {
        server = MqttServer.builder(store)
                .settings(MqttSettings.plain(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                .subscribe(policy)
                .events(new MqttEvents() {
                    @Override
                    public void subscribed(int granted, int denied) {
                        accepted.addAndGet(granted);
                        refused.addAndGet(denied);
                    }
                })
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RawClient connected(int level, String id) throws IOException {
        return new RawClient(server.addresses().get(0)).connected(level, id);
    }

    private static Packet subscribe(int level, int packetId) {
        Packet packet = Packet.of(0x82).u16(packetId);
        return level == 5 ? packet.u8(0) : packet;
    }

    private static Packet unsubscribe(int level, int packetId) {
        Packet packet = Packet.of(0xA2).u16(packetId);
        return level == 5 ? packet.u8(0) : packet;
    }

    @Test
    void eachFilterIsGrantedWithTheQosThatItAsksForAndNothingIsDelivered() throws IOException {
        try (RawClient four = connected(4, "c");
                RawClient five = connected(5, "d")) {
            four.send(subscribe(4, 5)
                    .string("a/#")
                    .u8(0)
                    .string("+/b")
                    .u8(1)
                    .string("#")
                    .u8(2)
                    .bytes());
            four.expect("90 05 00 05 00 01 02");
            five.send(subscribe(5, 6)
                    .string("a/#")
                    .u8(1)
                    .string("$share/g/a")
                    .u8(2)
                    .bytes());
            five.expect("90 05 00 06 00 01 02");
            five.send(Packet.publish(5, 1, 1, "a/b", "x")).expect("40 02 00 01").expectNothingYet();
            four.expectNothingYet();
        }
        assertEquals(5, accepted.get());
        assertEquals(0, refused.get());
    }

    @Test
    void subscriptionIdentifiersAndOptionsAreAccepted() throws IOException {
        try (RawClient five = connected(5, "d")) {
            five.send(Packet.of(0x82)
                    .u16(7)
                    .properties(Packet.hex("0B 05"))
                    .string("a")
                    .u8(0x2D)
                    .bytes());
            five.expect("90 04 00 07 00 01");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/#/b", "a#", "a+/b", "+a", "$share/g", "$share//a", "$share/+/a", "$share/g/", "##"})
    void filtersThatAreNotValidAreRefusedAloneAndTheConnectionStays(String filter) throws IOException {
        try (RawClient five = connected(5, "d")) {
            byte[] suback = five.send(subscribe(5, 6)
                            .string("a")
                            .u8(1)
                            .string(filter)
                            .u8(1)
                            .bytes())
                    .packet();
            assertEquals(1, suback[suback.length - 2]);
            assertEquals(0x8F, suback[suback.length - 1] & 0xFF);
            five.expectNothingYet();
        }
        assertEquals(1, refused.get());
    }

    @ParameterizedTest
    @CsvSource({"a/#/b, 80", "$share/g, 01", "/, 01", "a//b, 01", "$SYS/#, 01", "+/+, 01"})
    void olderVersionsKnowNoSharedSubscriptions(String filter, String code) throws IOException {
        try (RawClient four = connected(4, "c")) {
            four.send(subscribe(4, 5).string(filter).u8(1).bytes()).expect("90 03 00 05 " + code);
        }
    }

    @Test
    void unsubackTellsWhichFiltersExisted() throws IOException {
        try (RawClient five = connected(5, "d")) {
            five.send(subscribe(5, 1).string("a").u8(0).string("b").u8(0).bytes())
                    .expect("90 05 00 01 00 00 00");
            five.send(unsubscribe(5, 2).string("b").string("c").string("a").bytes());
            five.expect("B0 06 00 02 00 00 11 00");
            five.send(unsubscribe(5, 3).string("a").bytes()).expect("B0 04 00 03 00 11");
        }
        try (RawClient four = connected(4, "c")) {
            four.send(unsubscribe(4, 2).string("b").bytes()).expect("B0 02 00 02");
        }
    }

    @Test
    void ofMoreFiltersThanAreRememberedUnsubackSaysThatTheyExisted() throws IOException {
        try (RawClient five = connected(5, "d")) {
            Packet many = subscribe(5, 1);
            IntStream.range(0, 5000).forEach(i -> many.string("f/" + i).u8(0));
            assertEquals(5006, five.send(many.bytes()).packet().length);
            five.send(unsubscribe(5, 2)
                    .string("f/0")
                    .string("f/4999")
                    .string("f/0")
                    .bytes());
            five.expect("B0 06 00 02 00 00 00 00");
        }
    }

    @Test
    void aResumedSessionsFiltersExisted() throws IOException {
        byte[] connect = Packet.connect(5, "keeps", false, 0);
        try (RawClient first = new RawClient(server.addresses().get(0))) {
            first.send(connect).connack();
            first.send(subscribe(5, 1).string("a").u8(0).bytes()).expect("90 04 00 01 00 00");
            first.send(Packet.disconnect()).expectClosed();
        }
        try (RawClient second = new RawClient(server.addresses().get(0))) {
            assertEquals(0x100, second.send(connect).connack());
            second.send(unsubscribe(5, 2).string("a").bytes()).expect("B0 04 00 02 00 00");
        }
    }

    @Test
    void aDeviceThatGivesUpOnARefusedSubscriptionPublishesWhenItIsGranted() throws IOException {
        assertTrue(arduino());
        assertEquals(List.of("1 C"), store.payloads());
    }

    @Test
    void aDeviceThatGivesUpOnARefusedSubscriptionNeverPublishesWhenItIsRefused() throws IOException {
        server.close();
        start(SubscribePolicy.REFUSE);
        for (int i = 0; i < 3; i++) {
            assertEquals(false, arduino());
        }
        assertEquals(List.of(), store.payloads());
        assertEquals(3, refused.get());
    }

    /** As the library arduino-mqtt: it subscribes first, and closes when a SUBACK says 0x80. */
    private boolean arduino() throws IOException {
        try (RawClient device = connected(4, "arduino")) {
            device.send(subscribe(4, 1).string("commands/arduino").u8(0).bytes());
            byte[] suback = device.packet();
            if ((suback[4] & 0xFF) == 0x80) {
                return false;
            }
            device.send(Packet.publish(4, 1, 2, "readings/arduino", "1 C")).expect("40 02 00 02");
            return true;
        }
    }
}
