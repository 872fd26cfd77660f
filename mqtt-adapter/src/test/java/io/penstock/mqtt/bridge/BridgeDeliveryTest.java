package io.penstock.mqtt.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A bridge takes what its broker delivers and acknowledges what is durable")
class BridgeDeliveryTest {
    private final StoreOfTest store = new StoreOfTest();

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void takesEveryQosAndAcknowledgesInOrderOnceDurable(int level) throws IOException {
        store.manual();
        try (FakeBroker broker = new FakeBroker(level);
                MqttBridge bridge =
                        new BridgeOfTest(broker.url()).speaking(level).start(store);
                FakeBroker.Peer peer = broker.subscribed()) {
            peer.publish(0, 0, "a", "zero").publish(1, 7, "a/b", "one").publish(2, 8, "a/c", "two");
            await().until(() -> store.events().size() == 3);
            assertEquals(List.of("zero", "one", "two"), store.payloads());

            store.makeDurable(2);
            peer.expectPuback(7);
            store.makeDurable(3);
            peer.expectPubrec(8).pubrel(8).expectPubcomp(8);
            assertEquals(0, bridge.state().connections().get(0).inFlight());
        }
    }
}
