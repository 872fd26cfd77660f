package io.penstock.forward.client;

import java.nio.file.Path;
import java.time.Duration;

/** A process that offers events to an unreachable server, prints how many are saved, and waits to be killed. */
final class SpillProgram {
    private SpillProgram() {}

    /** @param args spill file, port without a listener, number of events (0: endless) */
    public static void main(String[] args) throws Exception {
        ForwardClient client = ForwardClient.start(
                ClientSettings.to(Address.of("127.0.0.1", Integer.parseInt(args[1])))
                        .name("program")
                        .chunkBytes(16 * 1024)
                        .bufferBytes(64 * 1024)
                        .maxBlock(Duration.ofSeconds(30))
                        .linger(Duration.ofMillis(20))
                        .spill(Spill.to(Path.of(args[0]), 64 * 1024 * 1024))
                        .build(),
                new ClientListener() {
                    @Override
                    public void spillFails(Path file, String reason) {
                        System.out.println("fails " + reason);
                    }
                });
        int events = Integer.parseInt(args[2]);
        EntryWriter entry = client.newEntry();
        long said = 0;
        for (int n = 0; events == 0 || n < events; n++) {
            entry.begin(1_700_000_000L, n).name("n").value(n).end();
            if (client.offer("app", entry) != Offered.ACCEPTED) {
                throw new IllegalStateException("event " + n + " was not taken");
            }
            said = n % 100 == 0 ? say(client, said) : said;
        }
        // A test never needs it for longer.
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (System.nanoTime() < end) {
            said = say(client, said);
            Thread.sleep(1);
        }
    }

    private static long say(ForwardClient client, long said) {
        long saved = client.status().savedEvents();
        if (saved != said) {
            System.out.println("saved " + saved);
        }
        return saved;
    }
}
