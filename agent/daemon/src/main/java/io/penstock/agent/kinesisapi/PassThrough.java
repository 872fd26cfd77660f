package io.penstock.agent.kinesisapi;

import io.penstock.engine.wire.KinesisModel;

/** Which calls besides puts are passed on to the target. */
public enum PassThrough {
    /** Those that change nothing. */
    READ_ONLY,
    /** All of them. */
    ALL,
    /** None. */
    NONE;

    boolean allows(KinesisModel operation) {
        return this == ALL || this == READ_ONLY && reads(operation);
    }

    static boolean reads(KinesisModel operation) {
        String name = operation.wireName();
        return name.startsWith("Describe")
                || name.startsWith("List")
                || name.startsWith("Get")
                || operation == KinesisModel.SUBSCRIBE_TO_SHARD;
    }
}
