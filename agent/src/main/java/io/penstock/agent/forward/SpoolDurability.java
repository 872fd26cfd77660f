package io.penstock.agent.forward;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Watermark;
import io.penstock.forward.server.Durability;

/** A spool's watermark as the forward server asks for it. Any thread. */
record SpoolDurability(Watermark watermark) implements Durability {
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
