package shop;

import io.penstock.forward.client.Address;
import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.ForwardClient;
import io.penstock.forward.client.Offered;
import java.time.Duration;
import java.time.Instant;

/** Sends orders as events of the tag "orders" and ends with status 0 once the agent has acknowledged all of them. */
public class Orders {
    public static void main(String[] args) {
        ForwardClient client = ForwardClient.start(
                ClientSettings.to(Address.parse(args[0], Address.DEFAULT_PORT)).build());
        for (int n = 1; n <= 3; n++) {
            Instant now = Instant.now();
            EntryWriter event = client.newEntry();
            event.begin(now.getEpochSecond(), now.getNano())
                    .name("item").value("bread")
                    .name("count").value(n)
                    .end();
            if (client.offer("orders", event) != Offered.ACCEPTED) {
                throw new IllegalStateException("the buffer is full");
            }
        }
        long missing = client.close(Duration.ofSeconds(60));
        System.exit(missing == 0 ? 0 : 1);
    }
}
