package io.penstock.mqtt;

import io.netty.buffer.ByteBufUtil;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Watermark;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A store whose durability the test advances by hand: it takes publishes in memory, in order, and nothing of them is
 * durable until {@link #makeDurable}. Thread-safe.
 */
public final class ManualStore implements PublishHandler, Watermark {
    /** What a publish was, copied out of the view. */
    record Event(
            String topic,
            byte[] payload,
            int qos,
            boolean retain,
            boolean dup,
            boolean will,
            String clientId,
            Optional<String> userName,
            ProtocolVersion version,
            Optional<String> contentType,
            Optional<String> responseTopic,
            Optional<String> correlation,
            OptionalLong expiry,
            boolean utf8,
            List<UserProperty> userProperties) {
        static Event of(Publish p) {
            return new Event(
                    p.topic(),
                    ByteBufUtil.getBytes(p.payload()),
                    p.qos(),
                    p.retain(),
                    p.dup(),
                    p.will(),
                    p.clientId(),
                    p.userName(),
                    p.protocolVersion(),
                    p.contentType(),
                    p.responseTopic(),
                    p.correlationData()
                            .map(data -> StandardCharsets.UTF_8.decode(data).toString()),
                    p.messageExpiryInterval(),
                    p.payloadIsUtf8(),
                    p.userProperties());
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    private record Waiting(EventExecutor executor, Runnable listener) {
        void run() {
            executor.execute(listener);
        }
    }

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<Waiting> onAdvance = new ArrayList<>();
    private final List<Waiting> onRoom = new ArrayList<>();
    private final Room room = this::awaitRoom;
    private long end;
    private boolean automatic;
    private boolean failed;
    private boolean full;
    private long offered;

    @Override
    public synchronized void onPublish(Publish publish, Receipt receipt) {
        offered++;
        if (full) {
            receipt.noRoom(room);
            return;
        }
        long offset = events.size();
        events.add(Event.of(publish));
        if (automatic) {
            end = offset + 1;
        }
        receipt.stored(this, offset);
    }

    private synchronized void awaitRoom(EventExecutor executor, Runnable listener) {
        onRoom.add(new Waiting(executor, listener));
    }

    /** How many listeners it knows. */
    synchronized int listeners() {
        return onRoom.size() + onAdvance.size();
    }

    /** Everything is durable at once from here on. */
    synchronized ManualStore automatic() {
        automatic = true;
        return this;
    }

    /** From here on there is no room. */
    synchronized void fill() {
        full = true;
    }

    /** There is room again. */
    synchronized void empty() {
        full = false;
        tell(onRoom);
    }

    /** Makes the first {@code count} events durable. */
    synchronized void makeDurable(long count) {
        end = count;
        tell(onAdvance);
    }

    synchronized void fail() {
        failed = true;
        tell(onAdvance);
    }

    private void tell(List<Waiting> waiting) {
        List<Waiting> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(Waiting::run);
    }

    public List<Event> events() {
        return events;
    }

    List<String> payloads() {
        return events.stream().map(Event::text).toList();
    }

    /** How often the handler was called. */
    synchronized long offered() {
        return offered;
    }

    @Override
    public synchronized long end() {
        return end;
    }

    @Override
    public synchronized boolean failed() {
        return failed;
    }

    @Override
    public synchronized void onAdvance(EventExecutor executor, Runnable listener) {
        onAdvance.add(new Waiting(executor, listener));
    }
}
