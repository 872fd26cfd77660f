package io.penstock.tools.demo.worker;

import java.util.List;

/**
 * A shard of the stream, as ListShards tells it.
 *
 * @param parents the shards that it came from, as far as the stream still has them
 * @param open whether it takes records
 * @param from the first key of its hash range, as a share of all: 0 to 1
 * @param to the end of its hash range, as a share of all
 */
public record ReadShard(String id, List<String> parents, boolean open, double from, double to) {}
