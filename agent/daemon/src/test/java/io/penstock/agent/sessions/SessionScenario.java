package io.penstock.agent.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import io.penstock.base.ack.Watermark;
import io.penstock.base.time.AgeClock;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogListener;
import io.penstock.mqtt.session.KeptSession;
import io.penstock.mqtt.session.SessionStore;
import io.penstock.mqtt.session.SessionStore.Owner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Some clients publish at QoS 2 through several lives of a session log and two spools, which become durable each at its
 * own pace and crash at any moment. Everything follows from the seed.
 */
final class SessionScenario {
    private static final int IDS = 4;
    private static final SessionLimits LIMITS = new SessionLimits(64L << 20);
    private static final List<StreamId> STREAMS = List.of(new StreamId("default", "a"), new StreamId("default", "b"));

    private final Random random;
    private final boolean ackDelivered;
    private final List<EmbeddedChannel> loops = List.of(new EmbeddedChannel(), new EmbeddedChannel());
    private final List<Client> clients = new ArrayList<>();
    private final List<StepSpool> spools = new ArrayList<>();
    /** Messages whose PUBREC was sent. */
    private final Set<String> acknowledged = new HashSet<>();

    private StepLog sessionLog;
    private SessionLog store;
    private int messages;

    SessionScenario(long seed) {
        random = new Random(seed);
        ackDelivered = random.nextInt(4) == 0;
        STREAMS.forEach(stream -> spools.add(StepSpool.empty(stream, random)));
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            clients.add(new Client("client-" + i));
        }
    }

    /** The client's half of a session, and the server's. */
    private final class Client implements SessionStore.Content {
        final String name;
        /** The client's: messages without PUBREC, and identifiers without PUBCOMP. */
        final Map<Integer, String> published = new TreeMap<>();

        final Set<Integer> received = new HashSet<>();

        /** The server's. */
        final Map<Integer, SessionStore.RecoveredId> taken = new HashMap<>();

        KeptSession session;
        EmbeddedChannel loop = loops.get(0);
        Watermark connectedWhere = Watermark.IMMEDIATE;
        long connectedAt;
        boolean admitted;

        /** Owed to the client while it is connected. */
        final Map<Integer, SessionStore.RecoveredId> pubrecs = new HashMap<>();

        final Map<Integer, SessionStore.RecoveredId> pubcomps = new HashMap<>();

        Client(String name) {
            this.name = name;
        }

        @Override
        public byte[] details() {
            return name.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void unreleased(SessionStore.IdVisitor visitor) {
            taken.values().forEach(id -> visitor.id(id.packetId(), id.where(), id.offset()));
        }

        void disconnect() {
            admitted = false;
            pubrecs.clear();
            pubcomps.clear();
        }

        void connect() {
            disconnect();
            if (session == null) {
                Optional<KeptSession> begun = store.begin(Owner.LISTENER, name, loop.eventLoop(), this);
                if (begun.isEmpty()) {
                    return;
                }
                session = begun.get();
                assertTrue(acknowledged.isEmpty() || published.isEmpty() || !everConnected, name + " lost its session");
            } else if (random.nextBoolean()) {
                session.handOn();
                loop = loops.get(random.nextInt(2));
                session.adopt(loop.eventLoop(), this);
            }
            connectedAt = session.connected(100, details());
            connectedWhere = session.written();
        }

        boolean everConnected;

        void answers() {
            if (!admitted) {
                if (session != null && connectedAt >= 0 && connectedWhere.end() > connectedAt) {
                    admitted = true;
                    everConnected = true;
                    // The client repeats what it has no answer to.
                    new ArrayList<>(published.keySet()).forEach(this::send);
                    new ArrayList<>(received).forEach(this::release);
                }
                return;
            }
            pubrecs.values().removeIf(owed -> {
                boolean due = owed.where().end() > owed.offset();
                if (due) {
                    acknowledged.add(published.remove(owed.packetId()));
                    received.add(owed.packetId());
                }
                return due;
            });
            pubcomps.values().removeIf(owed -> {
                boolean due = owed.where().end() > owed.offset();
                if (due) {
                    received.remove(owed.packetId());
                }
                return due;
            });
        }

        void publish() {
            int packetId = 1 + random.nextInt(IDS);
            if (admitted && !published.containsKey(packetId) && !received.contains(packetId)) {
                published.put(packetId, name + "/" + ++messages);
                send(packetId);
            }
        }

        private void send(int packetId) {
            SessionStore.RecoveredId known = taken.get(packetId);
            if (known != null) {
                pubrecs.put(packetId, known);
                return;
            }
            if (!session.hasRoom()) {
                disconnect(); // A real connection would wait; here it comes again.
                connectedAt = -1;
                return;
            }
            StepSpool spool = spools.get(random.nextInt(spools.size()));
            EntryBlock block = new EntryBlock(64, 1 << 10);
            SpooledRecord.beginLateBound(block);
            byte[] data = published.get(packetId).getBytes(StandardCharsets.UTF_8);
            block.put(data, 0, data.length);
            block.end();
            SessionMark mark = (SessionMark) session.mark(packetId);
            mark.writeTo(spool, block);
            long offset = spool.append(block);
            mark.stored(offset);
            Watermark where = ackDelivered ? spool.delivered() : spool.durable();
            SessionStore.RecoveredId id = new SessionStore.RecoveredId(packetId, where, offset);
            taken.put(packetId, id);
            pubrecs.put(packetId, id);
        }

        void releaseOne() {
            if (admitted && !received.isEmpty()) {
                release(received.iterator().next());
            }
        }

        private void release(int packetId) {
            if (taken.remove(packetId) != null) {
                session.release(packetId);
            }
            pubcomps.put(packetId, new SessionStore.RecoveredId(packetId, session.written(), session.lastOffset()));
        }
    }

    void run() throws IOException {
        int lives = 2 + random.nextInt(5);
        for (int life = 0; life < lives; life++) {
            start();
            for (int step = random.nextInt(120); step > 0; step--) {
                step();
            }
            crash();
        }
        start();
        for (int i = 0; i < 50 && clients.stream().anyMatch(each -> !isDone(each)); i++) {
            clients.forEach(each -> {
                if (!each.admitted && each.connectedAt < 0) {
                    each.connect();
                }
            });
            settle();
        }
        clients.forEach(each -> assertTrue(isDone(each), () -> each.name + " waits for ever"));
        check();
    }

    private static boolean isDone(Client client) {
        return client.published.isEmpty() && client.received.isEmpty();
    }

    private void settle() {
        loops.forEach(EmbeddedChannel::runPendingTasks);
        sessionLog.all();
        spools.forEach(spool -> {
            spool.log().all();
            spool.deliver(store);
        });
        clients.forEach(client -> {
            client.answers();
            client.releaseOne();
        });
        store.tick();
        loops.forEach(EmbeddedChannel::runPendingTasks);
    }

    private void start() throws IOException {
        LogOpener opener = new LogOpener() {
            @Override
            public DurableLog open(LogListener listener) {
                sessionLog = sessionLog == null ? StepLog.empty(listener, random) : sessionLog.afterCrash(listener);
                return sessionLog;
            }

            @Override
            public String putAside() {
                throw new AssertionError("the log counts as damaged");
            }
        };
        store = SessionLog.open(
                opener,
                LIMITS,
                AgeClock.of(() -> Instant.EPOCH),
                spool -> ackDelivered ? spool.delivered() : spool.durable(),
                failure -> {
                    throw new AssertionError(failure);
                });
        Thread forcing = new Thread(this::forceWhileOpening);
        for (int i = 0; i < spools.size(); i++) {
            spools.set(i, spools.get(i).afterCrash(random));
        }
        opening = true;
        forcing.start();
        for (StepSpool spool : spools) {
            spool.open(store);
        }
        opening = false;
        join(forcing);
        Map<String, SessionStore.Recovered> recovered = new HashMap<>();
        store.recovered(Owner.LISTENER).forEach(each -> recovered.put(each.name(), each));
        store.dropUnclaimed();
        for (Client client : clients) {
            client.disconnect();
            client.taken.clear();
            client.session = null;
            client.loop = loops.get(random.nextInt(2));
            SessionStore.Recovered its = recovered.get(client.name);
            if (its != null) {
                its.unreleased().forEach(id -> client.taken.put(id.packetId(), id));
                client.session = its.session();
                client.session.adopt(client.loop.eventLoop(), client);
            } else {
                assertTrue(!client.everConnected, () -> client.name + " has lost its session");
            }
            client.connect();
        }
    }

    private volatile boolean opening;

    /** A start waits until what it found void is durable. */
    private void forceWhileOpening() {
        while (opening) {
            sessionLog.all();
            Thread.onSpinWait();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    private void step() {
        Client client = clients.get(random.nextInt(clients.size()));
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> client.publish();
            case 3 -> client.releaseOne();
            case 4 -> client.answers();
            case 5 -> loops.get(random.nextInt(2)).runPendingTasks();
            case 6 -> sessionLog.step();
            case 7 -> spools.get(random.nextInt(spools.size())).log().step();
            case 8 -> spools.get(random.nextInt(spools.size())).deliver(store);
            case 9 -> store.tick();
            case 10 -> sessionLog.full(random.nextInt(4) == 0);
            default -> {
                if (random.nextInt(4) == 0) {
                    client.connect();
                }
            }
        }
    }

    /** What was in memory is gone; the logs keep what was durable, and perhaps some of the rest. */
    private void crash() {
        loops.forEach(loop -> {
            if (random.nextBoolean()) {
                loop.runPendingTasks();
            }
        });
        clients.forEach(Client::disconnect);
    }

    private void check() {
        List<String> stored = new ArrayList<>();
        spools.forEach(spool -> stored.addAll(spool.stored()));
        for (String message : acknowledged) {
            assertEquals(1, Collections.frequency(stored, message), () -> message + " of " + stored);
        }
    }
}
