package io.penstock.agent.sessions;

import io.penstock.journal.DamagedRange;
import io.penstock.journal.LogListener;

/** Hears nothing. */
final class NoListener implements LogListener {
    @Override
    public void durable(long durableEnd) {}

    @Override
    public void room() {}

    @Override
    public void failed(Throwable cause) {}

    @Override
    public void damaged(DamagedRange range) {}
}
