package io.penstock.mqtt.internal.context;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Watermark;
import io.penstock.mqtt.Room;
import java.util.IdentityHashMap;
import java.util.Map;

/** What the connections of one event loop wait for. That loop only; an entry per store that somebody waits for. */
public final class LoopWaits {
    private final EventExecutor executor;
    private final Map<Object, WaitList> lists = new IdentityHashMap<>();

    LoopWaits(EventExecutor executor) {
        this.executor = executor;
    }

    /** Wakes {@code wait} when {@code durability} advances; it waits for nothing else any more. */
    public void forAdvance(Watermark durability, Wait wait) {
        WaitList list = lists.get(durability);
        if (list == null) {
            list = create(durability, false, listener -> durability.onAdvance(executor, listener));
        }
        list.add(wait);
    }

    /** Wakes {@code wait} when there is room; it waits for nothing else any more. */
    public void forRoom(Room room, Wait wait) {
        WaitList list = lists.get(room);
        if (list == null) {
            list = create(room, true, listener -> room.onRoom(executor, listener));
        }
        list.add(wait);
    }

    private WaitList create(Object store, boolean oneAtATime, WaitList.Registration registration) {
        WaitList list = new WaitList(registration, oneAtATime, () -> lists.remove(store));
        lists.put(store, list);
        return list;
    }
}
