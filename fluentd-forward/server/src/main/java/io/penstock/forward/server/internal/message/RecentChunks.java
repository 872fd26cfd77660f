package io.penstock.forward.server.internal.message;

import io.penstock.forward.server.Peer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The chunks that were taken last, so that one which its sender sends again, because it has not seen the
 * acknowledgement, is not stored again. Thread-safe; bounded by a number of chunks, and nothing of it outlives the
 * process.
 *
 * <p>Only a chunk whose id no other chunk can have is remembered (see {@link Options#uniqueId}), and only the very same
 * message of the same user is recognised: a new chunk has another id, and is stored. Its acknowledgement waits for what
 * the first one waited for.
 */
public final class RecentChunks {
    private static final int BASE64_OF_128_BITS = 24;
    private static final int PADDING = 2;

    private final int most;
    private final Map<Key, List<Owed>> known = new LinkedHashMap<>();

    /** @param most how many are remembered; 0: none */
    public RecentChunks(int most) {
        this.most = most;
    }

    /** A message: its sender, its id, and a hash of 32 bits of what it holds. */
    public record Key(String user, String id, int bytes, int crc) {}

    /**
     * True if a chunk id is one that Fluentd draws for each chunk: 128 bits as Ruby's Base64.encode64 writes
     * them, which ends with a line feed. The line feed is what tells them from the ids of Fluent Bit: since 5.0.9 those
     * are 24 characters of base64, before 32 hexadecimal digits, and both are a hash of the content, so that two chunks
     * have one in common when the same lines come again.
     */
    static boolean isRubys(byte[] bytes, int at, int length) {
        boolean base64 = length == BASE64_OF_128_BITS + 1 && bytes[at + length - 1] == '\n';
        for (int i = 0; base64 && i < BASE64_OF_128_BITS; i++) {
            base64 = i < BASE64_OF_128_BITS - PADDING ? isDigit(bytes[at + i]) : bytes[at + i] == '=';
        }
        return base64;
    }

    private static boolean isDigit(byte b) {
        return (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '+' || b == '/';
    }

    /** The message's key; empty when it cannot be recognised. */
    public Optional<Key> key(Peer peer, Options options, byte[] bytes, int from, int length) {
        if (most == 0 || options.uniqueId.isEmpty()) {
            return Optional.empty();
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return Optional.of(new Key(peer.user(), options.uniqueId, length, (int) crc.getValue()));
    }

    /** What is owed for a message like this that was taken; empty when none was, or what it waited for has failed. */
    public synchronized List<Owed> find(Key key) {
        List<Owed> owed = known.getOrDefault(key, List.of());
        if (owed.stream().anyMatch(part -> part.where().failed() && !part.isDurable())) {
            known.remove(key);
            return List.of();
        }
        return owed;
    }

    public synchronized void add(Key key, List<Owed> owed) {
        known.put(key, List.copyOf(owed));
        if (known.size() > most) {
            known.remove(known.keySet().iterator().next());
        }
    }
}
