package io.penstock.mqtt.internal.bridge;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.bridge.BridgeState;

/** The counts of one link since its start. */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Tally {
    long received;
    long bytes;
    long acknowledged;
    long redelivered;
    long duplicates;
    long leftOut;
    long tooLarge;
    long refusals;
    long connects;

    BridgeState.Counts counts() {
        return new BridgeState.Counts(
                received, bytes, acknowledged, redelivered, duplicates, leftOut, tooLarge, refusals, connects);
    }
}
