package io.penstock.delivery.sender;

import java.util.PriorityQueue;

/** A clock that jumps from one event to the next. */
final class VirtualTime {
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long count;

    private record Event(long at, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    long now() {
        return now;
    }

    /** Schedules {@code action} after {@code delay} nanoseconds. */
    void at(long delay, Runnable action) {
        events.add(new Event(now + delay, count++, action));
    }

    /** When the next event is; {@link Long#MAX_VALUE} for never. */
    long next() {
        return events.isEmpty() ? Long.MAX_VALUE : events.peek().at();
    }

    /** Advances to {@code time} and runs the actions that are due until then. */
    void advanceTo(long time) {
        while (next() <= time) {
            Event event = events.poll();
            now = Math.max(now, event.at());
            event.action().run();
        }
        now = Math.max(now, time);
    }
}
