package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.limits.Holding;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The topic names of one connection: checked and decoded once while a client repeats a topic, and the client's aliases
 * (MQTT 5 section 3.3.2.3.4). Bounded by the alias maximum and the topic length.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class TopicNames {
    /** Topics up to this length are not counted as memory. */
    private static final int FREE_LENGTH = 512;

    private final String subject;
    private final int maxBytes;
    private final int maxLevels;
    private final int maxAliases;
    private final @Nullable Holding memory;
    private ByteBuf latestBytes = Unpooled.EMPTY_BUFFER;
    private String latest = "";
    private String @Nullable [] aliases;
    private long latestHeld;

    /**
     * @param subject the beginning of messages: the packet and the field
     * @param maxAliases the maximum that was announced to the client
     * @param memory accounts for the aliases and a long topic; null: not counted
     */
    public TopicNames(String subject, MqttLimits limits, int maxAliases, @Nullable Holding memory) {
        this.memory = memory;
        this.subject = subject;
        this.maxBytes = limits.names().maxTopicBytes();
        this.maxLevels = limits.names().maxTopicLevels();
        this.maxAliases = maxAliases;
    }

    /** For one use, or a test: memory is not counted. */
    public static TopicNames uncounted(String subject, MqttLimits limits) {
        return new TopicNames(subject, limits, limits.names().topicAliasMaximum(), null);
    }

    /** The topic in {@code bytes}, which must not be empty. */
    public String decode(ByteBuf bytes, int start, int length) {
        if (length == latestBytes.capacity() && ByteBufUtil.equals(bytes, start, latestBytes, 0, length)) {
            return latest;
        }
        if (length > maxBytes) {
            throw invalid(0x90, "is " + length + " bytes long; at most " + maxBytes + " are taken here");
        }
        int end = start + length;
        check(bytes, start, end);
        byte[] copy = ByteBufUtil.getBytes(bytes, start, length, true);
        String topic = new String(copy, StandardCharsets.UTF_8);
        if (mayKeep(length)) {
            latestBytes = Unpooled.wrappedBuffer(copy);
            latest = topic;
        }
        return topic;
    }

    /** True if there is memory to remember a topic of this length. */
    private boolean mayKeep(int length) {
        long more = length <= FREE_LENGTH ? 0 : 3L * length - latestHeld;
        if (memory == null || more <= 0) {
            return true;
        }
        boolean may = memory.tryAdd(more);
        if (may) {
            latestHeld += more;
        }
        return may;
    }

    private void check(ByteBuf bytes, int start, int end) {
        int levels = 1;
        for (int i = start; i < end; i++) {
            byte b = bytes.getByte(i);
            if (b == '+' || b == '#') {
                throw invalid(0x81, "holds the wildcard " + (char) b + " [MQTT-3.3.2-2]");
            }
            if (b == '/') {
                levels++;
            }
        }
        int fault = Utf8.firstFault(bytes, start, end);
        if (fault != Utf8.GOOD) {
            throw invalid(
                    0x81, "is not well-formed UTF-8 without U+0000 at its byte " + (fault - start) + " [MQTT-3.3.2-1]");
        }
        if (levels > maxLevels) {
            throw invalid(0x90, "has " + levels + " levels; at most " + maxLevels + " are taken here");
        }
    }

    /** Checks the alias of a publish. */
    void checkAlias(int alias) {
        if (alias == 0 || alias > maxAliases) {
            throw PacketException.of(
                    Rejection.TOPIC_ALIAS_INVALID,
                    0x94,
                    "PUBLISH: topic alias " + alias + " is not in 1.." + maxAliases + " [MQTT-3.3.2-9]");
        }
    }

    void define(int alias, String topic) {
        if (aliases == null) {
            aliases = new String[maxAliases + 1];
        }
        long more = heap(topic) - heap(aliases[alias]);
        if (memory != null && more > 0 && !memory.tryAdd(more)) {
            throw PacketException.of(
                    Rejection.QUOTA_EXCEEDED, 0x97, "PUBLISH: there is no memory for another topic alias");
        }
        if (memory != null && more < 0) {
            memory.remove(-more);
        }
        aliases[alias] = topic;
    }

    private static long heap(@Nullable String topic) {
        return topic == null ? 0 : 2L * topic.length() + 64;
    }

    /** The topic of {@code alias}. */
    String resolve(int alias) {
        String topic = aliases == null ? null : aliases[alias];
        if (topic == null) {
            throw PacketException.of(
                    Rejection.TOPIC_ALIAS_INVALID, 0x82, "PUBLISH: topic alias " + alias + " was never given a topic");
        }
        return topic;
    }

    private PacketException invalid(int code, String fault) {
        return PacketException.of(Rejection.TOPIC_INVALID, code, subject + " " + fault);
    }
}
