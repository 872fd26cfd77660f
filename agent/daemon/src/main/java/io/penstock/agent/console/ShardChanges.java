package io.penstock.agent.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpStatus;
import io.penstock.agent.http.answer.Problem;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.Reshard;
import io.penstock.engine.stream.Resharding;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.stream.StreamNames;
import io.penstock.journal.NoSpaceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Splits, merges, other numbers of shards, and previews of them. Stateless, thread-safe; changes block on the disk. */
final class ShardChanges {
    private static final int LARGEST = 10_000;

    /** Carries the change out. */
    ObjectNode change(ConsoleChanges.Action action, ConsoleChanges.Target target, JsonNode body) {
        Resharding resharding = target.engine().resharding();
        LiveStream stream = target.stream();
        StreamMeta before = stream.meta();
        try {
            return told(before, resharding.apply(stream, plan(action, target, body)));
        } catch (NoSpaceException full) {
            throw new Refusal(Problem.retry(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "the disk is full",
                    "free some space on the engine's data folder, or shorten retention",
                    10));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What the shards would be. */
    ObjectNode preview(ConsoleChanges.Target target, JsonNode body) {
        String word = ConsoleChanges.text(body, "action");
        ConsoleChanges.Action action = switch (word) {
            case "split" -> ConsoleChanges.Action.SPLIT;
            case "merge" -> ConsoleChanges.Action.MERGE;
            case "reshard" -> ConsoleChanges.Action.RESHARD;
            default ->
                throw new Refusal(Problem.of(
                        HttpStatus.BAD_REQUEST,
                        "'" + Problem.excerpt(word) + "' is no change of shards",
                        "give split, merge or reshard as action"));
        };
        StreamMeta before = target.stream().meta();
        StreamMeta after = target.engine().resharding().preview(target.stream(), plan(action, target, body));
        ObjectNode node = told(before, after);
        ranges(before, node.putArray("before"));
        ranges(after, node.putArray("after"));
        return node;
    }

    private static Reshard.Plan plan(ConsoleChanges.Action action, ConsoleChanges.Target target, JsonNode body) {
        Resharding resharding = target.engine().resharding();
        LiveStream stream = target.stream();
        return switch (action) {
            case SPLIT -> {
                String shard = ConsoleChanges.text(body, "shard");
                yield resharding.split(
                        stream, shard, body.has("at") ? ConsoleChanges.text(body, "at") : middle(stream, shard));
            }
            case MERGE ->
                resharding.merge(stream, ConsoleChanges.text(body, "shard"), ConsoleChanges.text(body, "adjacent"));
            default -> resharding.uniform(stream, count(body));
        };
    }

    private static String middle(LiveStream stream, String shardId) {
        Shard shard = StreamNames.findShard(stream.meta(), shardId);
        return shard.first().middleTo(shard.last()).next().toString();
    }

    private static int count(JsonNode body) {
        JsonNode target = body.path("target");
        if (!target.canConvertToInt()
                || !target.isIntegralNumber()
                || target.intValue() < 1
                || target.intValue() > LARGEST) {
            throw new Refusal(Problem.of(
                    HttpStatus.BAD_REQUEST, "'target' is no number of shards", "give a whole number from 1 to 10000"));
        }
        return target.intValue();
    }

    /** The shards that the change closes and opens. */
    private static ObjectNode told(StreamMeta before, StreamMeta after) {
        Set<Integer> open = indexes(after.openShards());
        Set<Integer> were = indexes(before.openShards());
        List<Shard> closed = before.openShards().stream()
                .filter(shard -> !open.contains(shard.index()))
                .toList();
        List<Shard> opened = after.openShards().stream()
                .filter(shard -> !were.contains(shard.index()))
                .toList();
        ObjectNode node = ConsoleChanges.object();
        node.put("shards_before", were.size());
        node.put("shards_after", open.size());
        node.put(
                "said",
                closed.isEmpty()
                        ? "nothing changes"
                        : names(closed)
                                + (closed.size() == 1 ? " closes, " : " close, ")
                                + names(opened)
                                + (opened.size() == 1 ? " opens" : " open"));
        ArrayNode ids = node.putArray("closed");
        closed.forEach(shard -> ids.add(shard.index()));
        ArrayNode created = node.putArray("opened");
        opened.forEach(shard -> created.add(shard.index()));
        return node;
    }

    private static Set<Integer> indexes(List<Shard> shards) {
        return shards.stream().map(Shard::index).collect(Collectors.toSet());
    }

    /** "shard 1", "shards 1 and 2", "16 shards". */
    private static String names(List<Shard> shards) {
        return switch (shards.size()) {
            case 1 -> "shard " + shards.get(0).index();
            case 2 ->
                "shards " + shards.get(0).index() + " and " + shards.get(1).index();
            default -> shards.size() + " shards";
        };
    }

    private static void ranges(StreamMeta meta, ArrayNode node) {
        meta.openShards().stream()
                .sorted(Comparator.comparing(Shard::first))
                .limit(StreamDetail.MOST_SHARDS)
                .forEach(shard -> StreamDetail.range(shard, node.addObject()));
    }
}
