package io.penstock.agent.mqtt;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Watermark;
import io.penstock.mqtt.Durability;

/** A spool's watermark as the MQTT server asks for it. Any thread. */
record SpoolDurability(Watermark watermark) implements Durability {
    /** Of a store that takes nothing any more: whoever waits for it hears at once that it failed. */
    static final Durability FAILED = new Durability() {
        @Override
        public long end() {
            return 0;
        }

        @Override
        public boolean failed() {
            return true;
        }

        @Override
        public void onAdvance(EventExecutor executor, Runnable listener) {
            executor.execute(listener);
        }
    };

    @Override
    public long end() {
        return watermark.end();
    }

    @Override
    public boolean failed() {
        return watermark.failed();
    }

    @Override
    public void onAdvance(EventExecutor executor, Runnable listener) {
        watermark.onAdvance(executor, listener);
    }
}
