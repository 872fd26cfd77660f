package io.penstock.tools.demo.load;

import io.penstock.forward.client.Address;
import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.ForwardClient;
import io.penstock.forward.client.Offered;
import io.penstock.tools.demo.table.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * An application's log, by the client that the appenders use. It keeps a chunk of lines until the chunk is acknowledged;
 * one that it sends again is recognised.
 */
public final class AppLogs extends PacedLoad {
    private static final List<String> LEVELS = List.of("INFO", "INFO", "INFO", "WARN", "ERROR");
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Random random = new Random(11);
    private final ForwardClient client;
    private final EntryWriter entry;
    private int offered;

    private AppLogs(int port, int perSecond) {
        super("logs", perSecond);
        this.client = ForwardClient.start(
                ClientSettings.to(Address.of("127.0.0.1", port)).name("demo").build());
        this.entry = client.newEntry();
    }

    /** Writes from now on. */
    public static AppLogs start(int port, int perSecond) {
        AppLogs logs = new AppLogs(port, perSecond);
        logs.begin();
        return logs;
    }

    @Override
    public Kind kind() {
        return Kind.LOG;
    }

    @Override
    void send(int first, int count) throws IOException, InterruptedException {
        while (offered < first + count) {
            long now = System.currentTimeMillis();
            entry.begin(now / 1000, (int) (now % 1000) * 1_000_000);
            entry.name("kind")
                    .value("log")
                    .name("n")
                    .value((long) offered)
                    .name("at")
                    .value(now);
            entry.name("host").value("web-" + random.nextInt(8));
            entry.name("level").value(LEVELS.get(random.nextInt(LEVELS.size())));
            entry.name("message").value("served in " + random.nextInt(90) + " ms");
            entry.end();
            if (client.offer("app.web", entry) != Offered.ACCEPTED) {
                throw new IOException("the buffer is full");
            }
            offered++;
        }
        if (!client.flush(LONGEST)) {
            throw new IOException("no acknowledgement");
        }
    }

    @Override
    void release() {
        client.close();
    }
}
