package io.penstock.engine.stream;

import io.penstock.journal.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The only setting of an account, the commitment to a minimum throughput. It is stored and returned, and has no effect.
 * Kept in a file of nine bytes. Thread-safe.
 */
public final class AccountSettings {
    private static final String FILE = "account";
    private static final int LENGTH = 1 + Long.BYTES;

    private final Path folder;
    private volatile State state;

    private record State(boolean committed, long changedAt) {}

    private AccountSettings(Path folder, State state) {
        this.folder = folder;
        this.state = state;
    }

    /** Reads the stored setting, if there is one. */
    public static AccountSettings open(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (Files.notExists(file)) {
            return new AccountSettings(folder, new State(false, 0));
        }
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length != LENGTH) {
            throw new IOException(file + " is damaged; delete it to begin with default account settings");
        }
        ByteBuffer content = ByteBuffer.wrap(bytes);
        return new AccountSettings(folder, new State(content.get() != 0, content.getLong()));
    }

    public boolean isCommitted() {
        return state.committed;
    }

    /** When it was set, in epoch milliseconds; 0 if never. */
    public long changedAt() {
        return state.changedAt;
    }

    /** Sets it; durable on return. */
    public synchronized void setCommitted(boolean committed, long now) throws IOException {
        if (committed != state.committed) {
            ByteBuffer content = ByteBuffer.allocate(LENGTH);
            content.put((byte) (committed ? 1 : 0)).putLong(now);
            AtomicFile.write(folder, FILE, content.array());
            state = new State(committed, now);
        }
    }
}
