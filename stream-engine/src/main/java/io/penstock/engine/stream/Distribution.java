package io.penstock.engine.stream;

/** How records are distributed across a stream's shards, as the API names it. */
public enum Distribution {
    /** By the hash of the partition key, which every record has. */
    USER_PARTITION_KEY,

    /** Evenly, whatever the keys; a record may have none. Only for streams in on-demand mode. */
    AUTO
}
