package io.penstock.engine.api;

import io.penstock.engine.stream.SequenceNumber;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.stream.StreamOptions;
import io.penstock.engine.wire.Answer;
import java.util.List;

/** Structures of the API model that several answers contain. Stateless. */
final class Descriptions {
    static void shard(Answer answer, Shard shard, StreamMeta meta) {
        answer.object();
        answer.text("ShardId", shard.id());
        if (shard.parent() != Shard.NONE) {
            answer.text("ParentShardId", Shard.id(shard.parent()));
        }
        if (shard.adjacentParent() != Shard.NONE) {
            answer.text("AdjacentParentShardId", Shard.id(shard.adjacentParent()));
        }
        hashKeyRange(answer, shard);
        answer.object("SequenceNumberRange")
                .text("StartingSequenceNumber", sequenceNumber(meta, shard.startOffset() - 1, shard));
        if (!shard.isOpen()) {
            answer.text("EndingSequenceNumber", sequenceNumber(meta, shard.endOffset() - 1, shard));
        }
        answer.endObject().endObject();
    }

    private static String sequenceNumber(StreamMeta meta, long offset, Shard shard) {
        return new SequenceNumber(meta.createdAt(), offset, shard.index()).toString();
    }

    private static void hashKeyRange(Answer answer, Shard shard) {
        answer.object("HashKeyRange")
                .text("StartingHashKey", shard.first().toString())
                .text("EndingHashKey", shard.last().toString())
                .endObject();
    }

    /** The member {@code ChildShards} of a shard that has ended. */
    static void childShards(Answer answer, Shard parent, StreamMeta meta) {
        answer.list("ChildShards");
        for (Shard child : meta.childrenOf(parent)) {
            answer.object().text("ShardId", child.id()).list("ParentShards");
            answer.element(Shard.id(child.parent()));
            if (child.adjacentParent() != Shard.NONE) {
                answer.element(Shard.id(child.adjacentParent()));
            }
            answer.endList();
            hashKeyRange(answer, child);
            answer.endObject();
        }
        answer.endList();
    }

    static void mode(Answer answer, StreamOptions options) {
        answer.object("StreamModeDetails")
                .text("StreamMode", options.mode().name())
                .endObject();
    }

    static void encryption(Answer answer, StreamOptions options) {
        boolean encrypted = !options.encryptionKey().isEmpty();
        answer.text("EncryptionType", encrypted ? "KMS" : "NONE");
        if (encrypted) {
            answer.text("KeyId", options.encryptionKey());
        }
    }

    static void monitoring(Answer answer, List<String> metrics) {
        answer.list("EnhancedMonitoring")
                .object()
                .texts("ShardLevelMetrics", metrics)
                .endObject()
                .endList();
    }

    private Descriptions() {}
}
